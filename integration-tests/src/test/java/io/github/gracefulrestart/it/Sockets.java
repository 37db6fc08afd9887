package io.github.gracefulrestart.it;

/**
 * What the kernel says about listening sockets.
 */
final class Sockets {

	private Sockets() {
	}

	/**
	 * Return the length of the queue of connections that wait to be accepted.
	 */
	static int backlog(int port) throws Exception {
		// /proc does not show it
		Commands.require("ss");
		String line = Commands.run("ss", "-Hltn", "sport = :" + port).strip();
		// State, Recv-Q, Send-Q, local address, peer; for a listener Send-Q is the limit
		return Integer.parseInt(line.split("\\s+")[2]);
	}

}
