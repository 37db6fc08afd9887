package io.github.gracefulrestart.it;

import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * What the kernel says about listening sockets.
 */
public final class Sockets {

	private Sockets() {
	}

	/**
	 * Return the length of the queue of connections that wait to be accepted.
	 * @param port the port on which a socket listens
	 * @return the limit
	 * @throws Exception if the kernel cannot be asked
	 */
	public static int backlog(int port) throws Exception {
		// State, Recv-Q, Send-Q, local address, peer; for a listener Send-Q is the limit
		return Integer.parseInt(ask("-Hltn", "sport = :" + port).split("\\s+")[2]);
	}

	/**
	 * Return all that the kernel tells about a listening TCP socket: its queue, its
	 * options, its memory and its identity.
	 * @param port the port
	 * @return a text
	 * @throws Exception if the kernel cannot be asked
	 */
	public static String listening(int port) throws Exception {
		return ask("-Hltnemi", "--inet-sockopt", "sport = :" + port);
	}

	/**
	 * Return all that the kernel tells about a listening Unix domain socket, the file
	 * that it is bound to included.
	 * @param path the path as it was bound
	 * @return a text
	 * @throws Exception if the kernel cannot be asked
	 */
	public static String listening(Path path) throws Exception {
		return ask("-Hlxem").lines().filter((line) -> line.contains(" " + path + " ")).collect(Collectors.joining());
	}

	private static String ask(String... arguments) throws Exception {
		// /proc does not show it
		Commands.require("ss");
		String[] command = new String[arguments.length + 1];
		command[0] = "ss";
		System.arraycopy(arguments, 0, command, 1, arguments.length);
		return Commands.run(command).strip();
	}

}
