package io.github.gracefulrestart.preflight;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptors;

/**
 * The sockets that this process listens on and that no restart hands over: of a gRPC or
 * RSocket server, a database, a plain {@code ServerSocket}. The kernel lists all of them,
 * whatever code has opened them.
 */
public final class ForeignListeners {

	private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

	/** The default range of Linux. */
	private static final int FIRST_EPHEMERAL = 32768;

	private static final int LAST_EPHEMERAL = 60999;

	/** The socket that each HotSpot JVM opens when a tool such as jcmd attaches. */
	private static final String ATTACH = ".java_pid";

	private static final String MANAGEMENT = "com.sun.management.jmxremote";

	private ForeignListeners() {
	}

	/**
	 * Find them.
	 * @param own the addresses that are handed over
	 * @return the others, without those that each JVM opens for itself
	 * @throws IOException if the descriptors of this process cannot be listed
	 */
	public static List<SocketAddress> beside(Collection<SocketAddress> own) throws IOException {
		boolean managed = System.getProperties()
			.stringPropertyNames()
			.stream()
			.anyMatch(ForeignListeners::isManagement);
		return Descriptors.listening()
			.stream()
			.filter((address) -> !own.contains(address))
			.filter((address) -> !isOfTheJvm(address, managed))
			.distinct()
			.toList();
	}

	private static boolean isManagement(String property) {
		return property.equals(MANAGEMENT) || property.startsWith(MANAGEMENT + ".");
	}

	private static boolean isOfTheJvm(SocketAddress address, boolean managed) {
		if (address instanceof UnixDomainSocketAddress unix) {
			return unix.getPath().getFileName() != null
					&& unix.getPath().getFileName().toString().startsWith(ATTACH + ProcessHandle.current().pid());
		}
		// In addition to its configured port, JMX has ports that the system has chosen
		return managed && address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()
				&& isEphemeral(inet.getPort());
	}

	private static boolean isEphemeral(int port) {
		int first = FIRST_EPHEMERAL;
		int last = LAST_EPHEMERAL;
		// The kernel returns the whole content to the first read
		try (BufferedReader reader = Files.newBufferedReader(EPHEMERAL, StandardCharsets.US_ASCII)) {
			String[] range = String.valueOf(reader.readLine()).strip().split("\\s+");
			if (range.length == 2) {
				first = Integer.parseInt(range[0]);
				last = Integer.parseInt(range[1]);
			}
		}
		catch (IOException | NumberFormatException ex) {
			// Some containers do not show it
		}
		return port >= first && port <= last;
	}

	/**
	 * Return an address for messages.
	 * @param address the address of a listening socket
	 * @return such as {@code 127.0.0.1:9092}, {@code *:9092} or {@code unix:/run/x.sock}
	 */
	public static String describe(SocketAddress address) {
		if (address instanceof UnixDomainSocketAddress unix) {
			return "unix:" + unix.getPath();
		}
		InetSocketAddress inet = (InetSocketAddress) address;
		String host = inet.getAddress().isAnyLocalAddress() ? "*" : inet.getAddress().getHostAddress();
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
	}

}
