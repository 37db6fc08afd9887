package io.github.gracefulrestart.testsupport;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

import javax.net.ssl.SSLSocket;

/**
 * One blocking connection to a server on this machine, plain or TLS, with an input buffer
 * and a deadline for each read.
 */
final class Wire implements Closeable {

	static final long NO_DEADLINE = Long.MAX_VALUE;

	private static final int BUFFER_SIZE = 16384;

	private final Socket plain;

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	private final ByteBuffer input = ByteBuffer.allocate(BUFFER_SIZE).limit(0);

	private Wire(Socket plain, Socket socket) throws IOException {
		this.plain = plain;
		this.socket = socket;
		this.in = socket.getInputStream();
		this.out = socket.getOutputStream();
	}

	static Wire connect(int port, boolean tls, Duration timeout, String... protocols) throws RequestFailedException {
		Socket plain = new Socket();
		try {
			plain.setTcpNoDelay(true);
			plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis(timeout));
			plain.setSoTimeout(millis(timeout));
			return new Wire(plain, tls ? TrustAll.handshake(plain, protocols) : plain);
		}
		catch (IOException ex) {
			closeQuietly(plain);
			throw new RequestFailedException(Outcome.connectFailure(ex), "connecting to port " + port, ex);
		}
	}

	private static int millis(Duration duration) {
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toMillis()));
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// it is of no use any more, open or not
		}
	}

	static ConnectionEnd end(IOException failure) {
		return (failure instanceof EOFException) ? ConnectionEnd.EOF : ConnectionEnd.RESET;
	}

	/**
	 * Return what has been read and not yet consumed.
	 * @return the buffer, ready to be consumed
	 */
	ByteBuffer input() {
		return this.input;
	}

	/**
	 * Wait for more bytes, unless there are some.
	 * @param deadline {@link System#nanoTime()} to wait for, or {@link #NO_DEADLINE}
	 * @return whether there are bytes; {@code false} at the end of the stream
	 * @throws SocketTimeoutException if the deadline passed
	 * @throws IOException if the connection was reset
	 */
	boolean fill(long deadline) throws IOException {
		if (this.input.hasRemaining()) {
			return true;
		}
		int timeout = 0;
		if (deadline != NO_DEADLINE) {
			timeout = millis(Duration.ofNanos(deadline - System.nanoTime()));
		}
		this.socket.setSoTimeout(timeout);
		int size = this.in.read(this.input.array());
		if (size > 0) {
			this.input.clear().limit(size);
		}
		return size > 0;
	}

	/**
	 * Return whether the kernel holds bytes for this connection. With TLS they may be a
	 * notice rather than data.
	 * @return whether something has arrived
	 * @throws IOException if the connection is broken
	 */
	boolean available() throws IOException {
		return this.input.hasRemaining() || this.plain.getInputStream().available() > 0;
	}

	byte[] read(int length) throws IOException {
		byte[] result = new byte[length];
		for (int done = 0; done < length;) {
			if (!fill(NO_DEADLINE)) {
				throw new EOFException("connection closed by the server");
			}
			int size = Math.min(length - done, this.input.remaining());
			this.input.get(result, done, size);
			done += size;
		}
		return result;
	}

	void write(byte[] bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
	}

	void write(byte[] bytes, int offset, int length) throws IOException {
		this.out.write(bytes, offset, length);
		this.out.flush();
	}

	void shutdownOutput() throws IOException {
		this.socket.shutdownOutput();
	}

	/**
	 * Return the protocol that both sides agreed upon (ALPN).
	 * @return the protocol, empty if there is none
	 */
	String applicationProtocol() {
		return (this.socket instanceof SSLSocket tls) ? tls.getApplicationProtocol() : "";
	}

	int localPort() {
		return this.plain.getLocalPort();
	}

	/**
	 * Close with a reset instead of an orderly end.
	 */
	void abort() {
		try {
			this.plain.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// already closed
		}
		closeQuietly(this.plain);
	}

	@Override
	public void close() {
		closeQuietly(this.socket);
	}

}
