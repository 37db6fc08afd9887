package io.github.gracefulrestart.handover;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import org.jspecify.annotations.Nullable;

/**
 * One end of the control socket. Messages may be sent from any thread and are received by
 * one.
 */
public final class ControlConnection implements Closeable {

	/**
	 * How long to wait for the rest of a message that has begun, or for room to send one.
	 */
	static final Duration FRAME_TIMEOUT = Duration.ofSeconds(5);

	private final DescriptorChannel channel;

	private final Object sending = new Object();

	private volatile Dialect dialect;

	ControlConnection(DescriptorChannel channel, Dialect dialect) throws IOException {
		this.channel = channel;
		this.dialect = dialect;
		channel.setTimeout(FRAME_TIMEOUT);
	}

	/**
	 * Connect to the control socket of a predecessor.
	 * @param socket the socket's path
	 * @param peer the dialect that the predecessor announces
	 * @return the connection
	 * @throws IOException if no process listens there
	 */
	public static ControlConnection connect(Path socket, Dialect peer) throws IOException {
		DescriptorChannel channel = DescriptorChannel.connect(socket);
		try {
			return new ControlConnection(channel, Dialect.OWN.with(peer));
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Return the process at the other end.
	 * @return the process id of the peer
	 * @throws IOException if it cannot be read
	 */
	public long peerPid() throws IOException {
		return this.channel.peer().pid();
	}

	/**
	 * Return the dialect that both ends have agreed on.
	 * @return the version, and the features that both have
	 */
	public Dialect dialect() {
		return this.dialect;
	}

	/**
	 * Set the features that both ends have.
	 * @param features those of the peer, or those that the peer has found to be common
	 */
	public void agree(List<String> features) {
		this.dialect = Dialect.OWN.with(new Dialect(this.dialect.version(), features));
	}

	/**
	 * Use the version that the peer has chosen from now on.
	 */
	void agree(int version, List<String> features) {
		this.dialect = Dialect.OWN.with(new Dialect(version, features));
	}

	/**
	 * Send a message.
	 * @param message the message
	 * @throws IOException if the peer is gone or does not read
	 */
	public void send(Message message) throws IOException {
		send(message, List.of());
	}

	/**
	 * Send a message and descriptors, which stay open here.
	 * @param message the message
	 * @param descriptors descriptor numbers
	 * @throws IOException if the peer is gone or does not read
	 */
	public void send(Message message, List<Integer> descriptors) throws IOException {
		ByteBuffer frame = Frame.encode(this.dialect.version(), message);
		synchronized (this.sending) {
			this.channel.send(frame, descriptors);
		}
	}

	/**
	 * Wait for the next message, as long as it takes.
	 * @return the message with its descriptors
	 * @throws EOFException if the peer has closed its end, or died
	 * @throws ProtocolException if the peer broke the protocol
	 * @throws IOException if the connection broke or {@link #close()} was called
	 */
	public ReceivedMessage receive() throws IOException {
		while (true) {
			try {
				return receiveNow();
			}
			catch (SocketTimeoutException ex) {
				// Silence between two messages is allowed
			}
		}
	}

	/**
	 * Wait for the next message, but not longer than the time in which any message must
	 * be complete.
	 * @return the message with its descriptors
	 * @throws SocketTimeoutException if nothing came in time
	 * @throws IOException as {@link #receive()}
	 */
	ReceivedMessage receiveNow() throws IOException {
		ReceivedMessage received;
		do {
			received = receiveOrSkip();
		}
		while (received == null);
		return received;
	}

	/**
	 * Receive the next message, and skip it if this library does not know it and the
	 * message may be skipped.
	 */
	private @Nullable ReceivedMessage receiveOrSkip() throws IOException {
		List<Descriptor> descriptors = new ArrayList<>();
		try {
			ByteBuffer header = ByteBuffer.allocateDirect(Frame.HEADER_LENGTH);
			fill(header, descriptors, true);
			Frame.Header decoded = Frame.decodeHeader(header, this.dialect.version());
			ByteBuffer fields = ByteBuffer.allocateDirect(decoded.length());
			fill(fields, descriptors, false);
			byte[] bytes = new byte[decoded.length()];
			fields.get(bytes);
			if (decoded.type() == null) {
				descriptors.forEach(Descriptor::close);
				return null;
			}
			return new ReceivedMessage(decoded.version(), Frame.decodeFields(decoded.type(), bytes),
					List.copyOf(descriptors));
		}
		catch (IOException | RuntimeException | Error ex) {
			descriptors.forEach(Descriptor::close);
			throw ex;
		}
	}

	private void fill(ByteBuffer buffer, List<Descriptor> descriptors, boolean first) throws IOException {
		try {
			this.channel.receive(buffer, descriptors);
			buffer.flip();
		}
		catch (SocketTimeoutException ex) {
			if (first && buffer.position() == 0) {
				throw ex;
			}
			throw new ProtocolException("the peer stopped in the middle of a message");
		}
		catch (EOFException ex) {
			if (first && buffer.position() == 0) {
				throw ex;
			}
			throw new ProtocolException("the peer was gone in the middle of a message");
		}
	}

	/**
	 * Close this end. A thread that waits in {@link #receive()} sees the end of the
	 * connection.
	 * @throws IOException if closing failed
	 */
	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
