package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * One slot of a load: a connection, the request it is busy with, and, when that one is
 * lost, the next connection. Methods that can end the request return its outcome, or
 * {@code null} if it goes on.
 */
final class LoadConnection {

	private static final long LATE = 10_000_000;

	private final Selector selector;

	private final InetSocketAddress address;

	private final ByteBuffer[] pieces;

	private final LoadCounters counters;

	private final boolean persistent;

	private final ByteBuffer input;

	private final ResponseParser parser = new ResponseParser(null);

	private @Nullable SelectionKey key;

	private State state = State.CLOSED;

	private boolean connectedBefore;

	private int answers;

	private int piece;

	private long lostAt;

	private boolean lost;

	/** When this slot wants to be woken: for its next request or its next piece. */
	long wakeAt;

	/** When the request should have been begun. */
	long due;

	/** When the request was begun: time-outs run from here. */
	long begun;

	LoadConnection(Selector selector, LoadSettings settings, InetSocketAddress address, LoadCounters counters,
			ByteBuffer input) {
		this.selector = selector;
		this.address = address;
		this.counters = counters;
		this.persistent = settings.isPersistent();
		this.input = input;
		byte[][] bytes = settings.pieces();
		this.pieces = new ByteBuffer[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			this.pieces[i] = ByteBuffer.allocateDirect(bytes[i].length).put(bytes[i]).flip();
		}
	}

	@Nullable Outcome begin() {
		this.piece = 0;
		for (ByteBuffer buffer : this.pieces) {
			buffer.rewind();
		}
		this.parser.reset();
		if (this.state == State.IDLE && !looksClosed()) {
			this.state = State.SENDING;
			return send();
		}
		return open();
	}

	private @Nullable Outcome open() {
		if (this.lost) {
			this.lost = false;
			if (this.due - this.lostAt < LATE) {
				this.counters.idleClosedLate.increment();
			}
		}
		this.counters.opened(!this.connectedBefore);
		this.connectedBefore = true;
		this.answers = 0;
		try {
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			this.key = channel.register(this.selector, 0, this);
			this.state = State.CONNECTING;
			if (channel.connect(this.address)) {
				return connected();
			}
			this.key.interestOps(SelectionKey.OP_CONNECT);
			return null;
		}
		catch (IOException ex) {
			return Outcome.connectFailure(ex);
		}
	}

	private @Nullable Outcome connected() {
		this.state = State.SENDING;
		return send();
	}

	/**
	 * Send what the socket takes of the current piece.
	 * @return the outcome, if the connection is broken
	 */
	@Nullable Outcome send() {
		ByteBuffer current = this.pieces[this.piece];
		try {
			channel().write(current);
		}
		catch (IOException ex) {
			if (this.answers > 0 && this.piece == 0 && current.position() == 0) {
				// not a byte went out: as good as noticed before
				lose();
				return open();
			}
			return Outcome.reset(this.answers > 0, this.parser.begun());
		}
		if (!current.hasRemaining() && this.piece == this.pieces.length - 1) {
			this.state = State.RECEIVING;
		}
		interest(current.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
		return null;
	}

	/**
	 * Return whether the current piece is sent and another one remains.
	 * @return whether {@link #nextPiece} is to be called some time
	 */
	boolean awaitsNextPiece() {
		return this.state == State.SENDING && !this.pieces[this.piece].hasRemaining();
	}

	@Nullable Outcome nextPiece() {
		this.piece++;
		return send();
	}

	@Nullable Outcome ready() {
		return switch (this.state) {
			case CONNECTING -> finishConnect();
			case IDLE -> {
				looksClosed();
				yield null;
			}
			case SENDING -> {
				Outcome outcome = receive();
				yield (outcome != null || awaitsNextPiece()) ? outcome : send();
			}
			case RECEIVING -> receive();
			case CLOSED -> null;
		};
	}

	private @Nullable Outcome finishConnect() {
		try {
			return channel().finishConnect() ? connected() : null;
		}
		catch (IOException ex) {
			return Outcome.connectFailure(ex);
		}
	}

	private @Nullable Outcome receive() {
		this.input.clear();
		int size;
		try {
			size = channel().read(this.input);
		}
		catch (IOException ex) {
			return Outcome.reset(this.answers > 0, this.parser.begun());
		}
		if (size == 0) {
			return null;
		}
		if (size < 0) {
			return this.parser.completeAtEndOfStream() ? answered()
					: Outcome.endOfStream(this.answers > 0, this.parser.begun());
		}
		return switch (this.parser.feed(this.input.flip())) {
			case MORE -> null;
			case BAD -> Outcome.BAD_RESPONSE;
			case DONE -> this.input.hasRemaining() ? Outcome.BAD_RESPONSE : answered();
		};
	}

	private Outcome answered() {
		if (this.persistent && this.parser.close()) {
			this.counters.toldClose.increment();
		}
		return Outcome.answered(this.parser.status());
	}

	/**
	 * Take note that the request is over: keep the connection if it can be used again.
	 * @param outcome how the request ended
	 */
	void end(Outcome outcome) {
		if (outcome.isAnswered() && this.state == State.RECEIVING && this.persistent && !this.parser.close()) {
			this.answers++;
			this.state = State.IDLE;
		}
		else {
			close();
		}
	}

	private boolean looksClosed() {
		this.input.clear();
		try {
			if (channel().read(this.input) == 0) {
				return false;
			}
		}
		catch (IOException ex) {
			// reset: closed as well
		}
		lose();
		return true;
	}

	private void lose() {
		this.counters.idleClosed.increment();
		this.lost = true;
		this.lostAt = System.nanoTime();
		close();
	}

	Outcome timedOut() {
		return (this.state == State.CONNECTING) ? Outcome.TIMEOUT_CONNECT : Outcome.timeout(this.parser.begun());
	}

	boolean isBusy() {
		return this.state != State.CLOSED && this.state != State.IDLE;
	}

	boolean isReused() {
		return this.answers > 0;
	}

	long pid() {
		return this.parser.pid();
	}

	void close() {
		this.state = State.CLOSED;
		SelectionKey current = this.key;
		this.key = null;
		if (current != null) {
			try {
				current.channel().close();
			}
			catch (IOException ex) {
				// of no use any more, open or not
			}
		}
	}

	private void interest(int operations) {
		SelectionKey current = key();
		if (current.interestOps() != operations) {
			current.interestOps(operations);
		}
	}

	private SocketChannel channel() {
		return (SocketChannel) key().channel();
	}

	private SelectionKey key() {
		if (this.key == null) {
			throw new IllegalStateException("Not connected");
		}
		return this.key;
	}

	private enum State {

		CLOSED, CONNECTING, IDLE, SENDING, RECEIVING

	}

}
