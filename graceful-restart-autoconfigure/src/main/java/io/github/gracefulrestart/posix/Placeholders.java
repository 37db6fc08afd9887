package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Connected channels with known descriptors, which received ones will replace. They are
 * connected to each other, over Unix domain sockets because these cost the kernel a sixth
 * of the time of TCP connections.
 */
final class Placeholders implements Closeable {

	private static final int O_PATH = 0x200000;

	/**
	 * The number of attempts to predict the descriptor of a new channel.
	 */
	private static final int ATTEMPTS = 100;

	private final ServerSocketChannel counterpart;

	private final SocketAddress name;

	private final Descriptor file;

	private final SocketAddress address;

	private final Deque<Placeholder> opened = new ArrayDeque<>();

	private Placeholders(ServerSocketChannel counterpart, Descriptor file) throws IOException {
		this.counterpart = counterpart;
		this.name = counterpart.getLocalAddress();
		this.file = file;
		this.address = UnixDomainSocketAddress.of("/proc/self/fd/" + file.number());
	}

	/**
	 * Create a supply of placeholders.
	 * @param scratch an existing directory, for a temporary socket
	 * @return the supply, empty until the first is taken
	 * @throws IOException if a system call failed
	 */
	static Placeholders in(Path scratch) throws IOException {
		Path directory = Files.createTempDirectory(scratch, "graceful-restart-",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Path path = directory.resolve("none");
		ServerSocketChannel counterpart = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			counterpart.bind(UnixDomainSocketAddress.of(path));
			// The socket can be reached by its descriptor. Its name is deleted at once,
			// or it would stay when this process is killed
			int file = Native.check(Native.posix().open(path.toString(), O_PATH, 0), "open(" + path + ")");
			return new Placeholders(counterpart, new Descriptor(file));
		}
		catch (IOException | RuntimeException | Error ex) {
			counterpart.close();
			throw ex;
		}
		finally {
			Files.deleteIfExists(path);
			Files.delete(directory);
		}
	}

	/**
	 * Take a placeholder, which from then on belongs to the caller.
	 * @return a placeholder
	 * @throws IOException if a system call failed, for example because this process has
	 * reached its limit of open files
	 */
	Placeholder take() throws IOException {
		for (int i = 0; i < ATTEMPTS && this.opened.isEmpty(); i++) {
			open(() -> SocketChannel.open(this.address), Descriptors::remoteAddress);
			open(this.counterpart::accept, Descriptors::localAddress);
		}
		if (this.opened.isEmpty()) {
			throw new IOException("the descriptor of a new channel could not be found in " + ATTEMPTS + " attempts");
		}
		return this.opened.remove();
	}

	/**
	 * Open a channel and find its descriptor: the kernel gives the lowest number that is
	 * free, unless another thread is faster.
	 */
	private void open(Opening opening, IntFunction<@Nullable SocketAddress> nameOf) throws IOException {
		int number = Native.check(Native.posix().dup(this.file.number()), "dup(" + this.file.number() + ")");
		Native.posix().close(number);
		SocketChannel channel = opening.open();
		if (this.name.equals(nameOf.apply(number))) {
			this.opened.add(new Placeholder(channel, number));
		}
		else {
			channel.close();
		}
	}

	@Override
	public void close() throws IOException {
		while (!this.opened.isEmpty()) {
			this.opened.remove().channel().close();
		}
		this.file.close();
		this.counterpart.close();
	}

	/**
	 * A connected channel.
	 *
	 * @param channel the channel
	 * @param number the number of its descriptor
	 */
	record Placeholder(SocketChannel channel, int number) {

	}

	@FunctionalInterface
	private interface Opening {

		SocketChannel open() throws IOException;

	}

}
