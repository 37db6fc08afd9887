package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a channel and makes a channel out of a descriptor, without
 * reflection: the JDK shows neither, but the kernel lists the descriptors of a process
 * and their addresses, and {@code dup2} replaces what a channel refers to.
 */
public final class Descriptors {

	private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");

	private static final int SOL_SOCKET = 1;

	private static final int SO_ACCEPTCONN = 30;

	private static final int RLIMIT_NOFILE = 7;

	private Descriptors() {
	}

	/**
	 * Find the descriptor of a listening channel. The channel keeps owning it.
	 * @param localAddress the address that the kernel knows the channel by
	 * @return the descriptor's number
	 * @throws IOException if no descriptor, or more than one socket, listens there
	 */
	public static int ofListening(SocketAddress localAddress) throws IOException {
		Map<String, Integer> found = new HashMap<>();
		ownDescriptors((number) -> {
			if (isListening(number) && localAddress.equals(localAddress(number))) {
				found.putIfAbsent(target(number), number);
			}
			return false;
		});
		// Descriptors that were closed in the meantime
		found.remove("");
		if (found.isEmpty()) {
			throw new IOException("no descriptor of this process listens on " + localAddress);
		}
		if (found.size() > 1) {
			throw new IOException("more than one socket of this process listens on " + localAddress);
		}
		return found.values().iterator().next();
	}

	/**
	 * Return the addresses of all sockets that this process listens on.
	 * @return an address for each socket of a family that can be read
	 * @throws IOException if the descriptors of this process cannot be listed
	 */
	public static List<SocketAddress> listening() throws IOException {
		Map<String, SocketAddress> found = new LinkedHashMap<>();
		ownDescriptors((number) -> {
			SocketAddress address = isListening(number) ? localAddress(number) : null;
			if (address != null) {
				found.putIfAbsent(target(number), address);
			}
			return false;
		});
		return List.copyOf(found.values());
	}

	/**
	 * Make a listening channel out of a received descriptor. The descriptor is consumed,
	 * also when this method fails.
	 * <p>
	 * The channel's own {@code getLocalAddress()} names the placeholder that it was
	 * opened with; {@link #localAddress(int)} of the descriptor returns the true address.
	 * @param received a descriptor of a listening socket
	 * @param scratch directories for the placeholder of a Unix domain socket, which is
	 * deleted at once; the first directory in which a socket can be bound is used
	 * @return a channel that accepts the connections of the received socket
	 * @throws IOException if the descriptor is not a listening socket or a call failed
	 */
	public static ServerSocketChannel adoptListening(Descriptor received, List<Path> scratch) throws IOException {
		try (received) {
			if (!isListening(received.number())) {
				throw new IOException(received + " is not a listening socket");
			}
			boolean unix = localAddress(received.number()) instanceof UnixDomainSocketAddress;
			ServerSocketChannel channel = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
					: ServerSocketChannel.open();
			try {
				if (unix) {
					replaceUnix(received, channel, scratch);
				}
				else {
					channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
					received.replace(ofListening(channel.getLocalAddress()));
				}
				return channel;
			}
			catch (IOException ex) {
				channel.close();
				throw ex;
			}
		}
	}

	private static void replaceUnix(Descriptor received, ServerSocketChannel channel, List<Path> scratch)
			throws IOException {
		Path placeholder = bindPlaceholder(channel, scratch);
		try {
			received.replace(ofListening(channel.getLocalAddress()));
		}
		finally {
			Files.delete(placeholder);
		}
	}

	/**
	 * Directories are tried in turn because a path may be too long for a socket, or a
	 * directory not writable.
	 */
	private static Path bindPlaceholder(ServerSocketChannel channel, List<Path> scratch) throws IOException {
		IOException failure = new IOException("there is no directory for the placeholder of a Unix domain socket");
		for (Path directory : scratch) {
			Path placeholder = directory
				.resolve(".gr-" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36));
			try {
				channel.bind(UnixDomainSocketAddress.of(placeholder));
				return placeholder;
			}
			catch (IOException ex) {
				failure.addSuppressed(ex);
			}
		}
		throw failure;
	}

	/**
	 * Return the address that the kernel knows a socket by.
	 * @param number a descriptor
	 * @return its local address, or {@code null} if it is not a socket or has an address
	 * of another family
	 */
	public static @Nullable SocketAddress localAddress(int number) {
		byte[] address = new byte[SocketName.MAX_LENGTH];
		int[] length = { address.length };
		return (Native.libc().getsockname(number, address, length) == 0) ? SocketName.read(address, length[0]) : null;
	}

	/**
	 * Return both addresses of a TCP connection.
	 * @param number a descriptor
	 * @return the addresses, or {@code null} if it is not a connected TCP socket
	 */
	public static @Nullable SocketPair connection(int number) {
		if (remoteAddress(number) instanceof InetSocketAddress remote
				&& localAddress(number) instanceof InetSocketAddress local) {
			return new SocketPair(local, remote);
		}
		return null;
	}

	static @Nullable SocketAddress remoteAddress(int number) {
		byte[] address = new byte[SocketName.MAX_LENGTH];
		int[] length = { address.length };
		return (Native.libc().getpeername(number, address, length) == 0) ? SocketName.read(address, length[0]) : null;
	}

	/**
	 * Find the descriptors of all TCP connections of this process. They remain the
	 * property of their owners, and are valid as long as the owner keeps the connection
	 * open.
	 * @return the descriptors' numbers
	 * @throws IOException if the descriptors of this process cannot be listed
	 */
	public static Map<SocketPair, Integer> ofConnections() throws IOException {
		Map<SocketPair, Integer> found = new HashMap<>();
		ownDescriptors((number) -> {
			SocketPair connection = connection(number);
			if (connection != null) {
				found.put(connection, number);
			}
			return false;
		});
		return found;
	}

	/**
	 * Return how many more descriptors this process may open.
	 * @return the number
	 * @throws IOException if the descriptors of this process cannot be listed
	 */
	public static int available() throws IOException {
		int open = ownDescriptors((number) -> true).size();
		return (int) Math.max(0, Math.min(Integer.MAX_VALUE, limit() - open));
	}

	/**
	 * Return the first number that no descriptor of this process can have.
	 */
	static long limit() {
		return Native.posix().getrlimit(RLIMIT_NOFILE).rlimCur();
	}

	/**
	 * Return the highest number that a descriptor of this process has.
	 */
	static int highest() throws IOException {
		return Collections.max(ownDescriptors((number) -> true));
	}

	/**
	 * Set the length of the queue of connections that wait to be accepted.
	 * @param number a descriptor of a listening socket
	 * @param backlog the length, at least 1; the kernel may use less
	 * @throws PosixException if the system call failed
	 */
	public static void setBacklog(int number, int backlog) throws PosixException {
		Native.check(Native.libc().listen(number, backlog), "listen(" + number + ", " + backlog + ")");
	}

	/**
	 * Return a name for what a descriptor refers to, such as {@code socket:[4711]}. Two
	 * descriptors with the same name refer to the same socket.
	 * @param number a descriptor
	 * @return the name, empty if the descriptor is not open
	 */
	public static String target(int number) {
		try {
			return Files.readSymbolicLink(OWN_DESCRIPTORS.resolve(String.valueOf(number))).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	/**
	 * Return whether a descriptor is that of a listening socket.
	 * @param number a descriptor
	 * @return whether connections can be accepted from it
	 */
	public static boolean isListening(int number) {
		int[] value = new int[1];
		int[] length = { Integer.BYTES };
		return Native.libc().getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, value, length) == 0 && value[0] == 1;
	}

	static List<Integer> ownDescriptors(IntPredicate condition) throws IOException {
		// Not a stream of paths, which would take twice the time with ten thousand
		// descriptors
		String[] entries = OWN_DESCRIPTORS.toFile().list();
		if (entries == null) {
			throw new IOException("/proc is not mounted, and the descriptors of this process are listed only there");
		}
		List<Integer> found = new ArrayList<>();
		for (String entry : entries) {
			int number = Integer.parseInt(entry);
			if (condition.test(number)) {
				found.add(number);
			}
		}
		return found;
	}

}
