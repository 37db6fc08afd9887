package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.file.Path;

import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/**
 * A listening Unix domain socket whose connections are {@link DescriptorChannel}s.
 */
public final class DescriptorServer implements Closeable {

	private static final int BACKLOG = 8;

	private static final int SHUT_RDWR = 2;

	private final UnixServerSocketChannel channel;

	private final int number;

	/**
	 * Held while a thread uses the descriptor in a system call, so that the number cannot
	 * be closed and reused during the call.
	 */
	private final Object accepting = new Object();

	private DescriptorServer(UnixServerSocketChannel channel, int number) {
		this.channel = channel;
		this.number = number;
	}

	/**
	 * Listen on a path that does not exist yet. The caller deletes it at the end.
	 * @param path the path, at most 107 bytes long
	 * @return the listening server
	 * @throws IOException if the path is taken, too long or not writable
	 */
	public static DescriptorServer bind(Path path) throws IOException {
		UnixServerSocketChannel channel = UnixServerSocketChannel.open();
		try {
			channel.socket().bind(new UnixSocketAddress(path.toFile()), BACKLOG);
			return new DescriptorServer(channel, channel.getFD());
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Wait for the next connection.
	 * @return the connection
	 * @throws IOException if the server has been {@linkplain #shutdown() shut down}
	 */
	public DescriptorChannel accept() throws IOException {
		UnixSocketChannel connection;
		try {
			synchronized (this.accepting) {
				if (!this.channel.isOpen()) {
					throw new ClosedChannelException();
				}
				connection = this.channel.accept();
			}
		}
		catch (NotYetBoundException ex) {
			// The kernel's error if the shutdown came before the wait
			throw new ClosedChannelException();
		}
		if (connection == null) {
			throw new IOException("the server is not in blocking mode");
		}
		return new DescriptorChannel(connection);
	}

	/**
	 * Wake the thread that waits in {@link #accept()}, which then fails. To be called
	 * before {@link #close()}.
	 */
	public void shutdown() {
		Native.libc().shutdown(this.number, SHUT_RDWR);
	}

	@Override
	public void close() throws IOException {
		synchronized (this.accepting) {
			this.channel.close();
		}
	}

}
