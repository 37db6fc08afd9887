package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import jnr.constants.platform.Errno;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/**
 * A connected Unix domain stream socket that carries descriptors beside bytes
 * ({@code SCM_RIGHTS}, see unix(7) and cmsg(3)). One thread may read while another
 * writes.
 */
public final class DescriptorChannel implements Closeable {

	/**
	 * The most descriptors that the kernel takes with one message ({@code SCM_MAX_FD}).
	 */
	public static final int MAX_DESCRIPTORS = 253;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final int MSG_CMSG_CLOEXEC = 0x40000000;

	private static final int SHUT_RDWR = 2;

	private final UnixSocketChannel channel;

	private final int number;

	/**
	 * Held while a thread uses the descriptor in a system call, so that the number cannot
	 * be closed and reused during the call.
	 */
	private final Object sending = new Object();

	private final Object receiving = new Object();

	private volatile long timeoutNanos;

	/**
	 * Close-on-exec, so that the peer notices when this program ends.
	 */
	DescriptorChannel(UnixSocketChannel channel) throws PosixException {
		this.channel = channel;
		this.number = channel.getFD();
		Descriptor.closeOnExec(this.number);
	}

	/**
	 * Connect to a listening Unix domain socket.
	 * @param path the socket's path
	 * @return the connected channel
	 * @throws IOException if no process listens there
	 */
	public static DescriptorChannel connect(Path path) throws IOException {
		return new DescriptorChannel(UnixSocketChannel.open(new UnixSocketAddress(path.toFile())));
	}

	/**
	 * Return the credentials of the peer.
	 * @return the credentials that the kernel recorded
	 * @throws IOException if the kernel does not tell
	 */
	public Credentials peer() throws IOException {
		jnr.unixsocket.Credentials credentials = this.channel.getOption(UnixSocketOptions.SO_PEERCRED);
		return new Credentials(credentials.getPid(), credentials.getUid());
	}

	/**
	 * Limit how long one read or write may wait for the peer, also for a peer that sends
	 * its bytes one by one.
	 * @param timeout the limit, zero for none
	 * @throws IOException if the option could not be set
	 */
	public void setTimeout(Duration timeout) throws IOException {
		this.timeoutNanos = timeout.toNanos();
		this.channel.setOption(UnixSocketOptions.SO_RCVTIMEO, (int) timeout.toMillis());
		this.channel.setOption(UnixSocketOptions.SO_SNDTIMEO, (int) timeout.toMillis());
	}

	/**
	 * Send bytes, and descriptors with the first of them. The descriptors stay open here.
	 * @param bytes a direct buffer with at least one byte, all of which are sent
	 * @param descriptors at most {@value #MAX_DESCRIPTORS} descriptor numbers
	 * @throws SocketTimeoutException if the peer did not read within the timeout
	 * @throws IOException if the peer is gone
	 */
	public void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
		List<Integer> pending = descriptors;
		while (bytes.hasRemaining()) {
			SocketMessage message = SocketMessage.of(bytes, pending);
			int sent;
			synchronized (this.sending) {
				requireOpen();
				sent = message.send(this.number, MSG_NOSIGNAL);
			}
			if (sent >= 0) {
				bytes.position(bytes.position() + sent);
				pending = List.of();
			}
			else {
				retryOrThrow("sendmsg");
			}
		}
	}

	/**
	 * Fill a buffer and collect the descriptors that come with its bytes. Received
	 * descriptors are close-on-exec. When this process has reached its limit of open
	 * files, fewer arrive than were sent, and the bytes nonetheless.
	 * @param bytes a direct buffer, filled up to its limit
	 * @param descriptors where received descriptors are added, also when this method
	 * fails, so that the caller can close them
	 * @throws EOFException if the peer has closed its end
	 * @throws SocketTimeoutException if nothing came within the timeout
	 * @throws IOException if the connection broke
	 */
	public void receive(ByteBuffer bytes, List<Descriptor> descriptors) throws IOException {
		long begun = 0;
		while (bytes.hasRemaining()) {
			SocketMessage message = SocketMessage.receiving(bytes, MAX_DESCRIPTORS);
			int received;
			synchronized (this.receiving) {
				requireOpen();
				received = message.receive(this.number, MSG_CMSG_CLOEXEC);
			}
			if (received < 0) {
				retryOrThrow("recvmsg");
				continue;
			}
			descriptors.addAll(message.descriptors());
			if (received == 0) {
				throw new EOFException("the peer has closed the connection");
			}
			bytes.position(bytes.position() + received);
			if (descriptors.size() > MAX_DESCRIPTORS) {
				throw new IOException("more than " + MAX_DESCRIPTORS + " descriptors came with one message");
			}
			begun = (begun != 0) ? begun : System.nanoTime();
			if (this.timeoutNanos > 0 && bytes.hasRemaining() && System.nanoTime() - begun > this.timeoutNanos) {
				throw new SocketTimeoutException("the peer sent too slowly");
			}
		}
	}

	private void shutdown() {
		Native.libc().shutdown(this.number, SHUT_RDWR);
	}

	private void requireOpen() throws ClosedChannelException {
		if (!this.channel.isOpen()) {
			throw new ClosedChannelException();
		}
	}

	/**
	 * Close the descriptor, after waking the threads that wait for it.
	 */
	@Override
	public void close() throws IOException {
		if (!this.channel.isOpen()) {
			return;
		}
		shutdown();
		synchronized (this.sending) {
			synchronized (this.receiving) {
				this.channel.close();
			}
		}
	}

	private void retryOrThrow(String call) throws IOException {
		PosixException failure = PosixException.of(call + "(" + this.number + ")", Native.posix().errno());
		if (failure.is(Errno.EAGAIN)) {
			throw new SocketTimeoutException("the peer did not answer in time");
		}
		if (!failure.is(Errno.EINTR)) {
			throw failure;
		}
	}

}
