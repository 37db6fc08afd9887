package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * One WebSocket (RFC 6455) to a server on this machine. It answers pings and the close
 * frame, and says how the server ended it. Never reconnects.
 */
public final class WebSocketClient implements AutoCloseable {

	private static final int CONTINUATION = 0;

	private static final int TEXT = 1;

	private static final int BINARY = 2;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private static final int PONG = 10;

	private static final int NO_STATUS = 1005;

	private final Wire wire;

	private final HttpAnswer handshake;

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<WebSocketClosing> closing = new CompletableFuture<>();

	private final ByteArrayOutputStream message = new ByteArrayOutputStream();

	private int closeCode = -1;

	private String closeReason = "";

	private WebSocketClient(Wire wire, HttpAnswer handshake) {
		this.wire = wire;
		this.handshake = handshake;
	}

	/**
	 * Connect and do the handshake.
	 * @param port the port on the loopback address
	 * @param path path and query
	 * @return the WebSocket
	 * @throws IOException if there is no connection, or the server does not switch
	 */
	public static WebSocketClient connect(int port, String path) throws IOException {
		return connect(port, path, false);
	}

	/**
	 * Connect and do the handshake.
	 * @param port the port on the loopback address
	 * @param path path and query
	 * @param tls whether to use TLS; any certificate is accepted
	 * @return the WebSocket
	 * @throws IOException if there is no connection, or the server does not switch
	 */
	public static WebSocketClient connect(int port, String path, boolean tls) throws IOException {
		RawHttp http = RawHttp.connect(port, tls, RawHttp.DEFAULT_TIMEOUT);
		byte[] key = new byte[16];
		ThreadLocalRandom.current().nextBytes(key);
		http.write("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
				+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
				+ Base64.getEncoder().encodeToString(key) + "\r\n\r\n");
		HttpAnswer handshake = http.read();
		if (handshake.status() != 101) {
			http.close();
			throw new IOException("No WebSocket at " + path + ": " + handshake);
		}
		WebSocketClient client = new WebSocketClient(http.wire(), handshake);
		Thread reader = new Thread(client::read, "websocket-" + port);
		reader.setDaemon(true);
		reader.start();
		return client;
	}

	/**
	 * Return the server's answer to the handshake.
	 * @return the answer
	 */
	public HttpAnswer handshake() {
		return this.handshake;
	}

	/**
	 * Send a text message.
	 * @param text the message
	 * @throws IOException if the connection is broken
	 */
	public void send(String text) throws IOException {
		write(TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Wait for the next message.
	 * @param patience how long to wait
	 * @return the message, or {@code null} if none came in time
	 */
	public @Nullable String next(Duration patience) {
		try {
			return this.messages.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	/**
	 * Wait for the server to end the WebSocket and its connection.
	 * @param patience how long to wait
	 * @return how it ended
	 * @throws AssertionError if it has not ended when the time is up
	 */
	public WebSocketClosing awaitClosing(Duration patience) {
		try {
			return this.closing.get(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("The WebSocket has not ended within " + patience, ex);
		}
	}

	/**
	 * Return whether the WebSocket and its connection are open.
	 * @return whether {@link #awaitClosing} would wait
	 */
	public boolean isOpen() {
		return !this.closing.isDone();
	}

	private void read() {
		ConnectionEnd end = ConnectionEnd.OPEN;
		while (end == ConnectionEnd.OPEN) {
			try {
				readFrame();
			}
			catch (IOException ex) {
				end = Wire.end(ex);
			}
		}
		this.wire.close();
		this.closing.complete(new WebSocketClosing(this.closeCode, this.closeReason, end));
	}

	private void readFrame() throws IOException {
		byte[] head = this.wire.read(2);
		byte[] payload = this.wire.read(length(head[1]));
		switch (head[0] & 0xf) {
			case CONTINUATION, TEXT, BINARY -> {
				this.message.writeBytes(payload);
				if (head[0] < 0) {
					this.messages.add(this.message.toString(StandardCharsets.UTF_8));
					this.message.reset();
				}
			}
			case PING -> write(PONG, payload);
			case CLOSE -> {
				ByteBuffer data = ByteBuffer.wrap(payload);
				this.closeCode = (data.remaining() >= 2) ? data.getShort() & 0xffff : NO_STATUS;
				this.closeReason = StandardCharsets.UTF_8.decode(data).toString();
				write(CLOSE, payload);
			}
			default -> {
				// an unexpected pong
			}
		}
	}

	private int length(byte second) throws IOException {
		int length = second & 0x7f;
		if (length < 126) {
			return length;
		}
		if (length == 126) {
			return ByteBuffer.wrap(this.wire.read(2)).getShort() & 0xffff;
		}
		return Math.toIntExact(ByteBuffer.wrap(this.wire.read(8)).getLong());
	}

	/** The frames of a client must be masked. The mask is zero, which is allowed. */
	private synchronized void write(int opcode, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) (0x80 | opcode));
		if (payload.length < 126) {
			frame.put((byte) (0x80 | payload.length));
		}
		else if (payload.length < 65536) {
			frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
		}
		else {
			frame.put((byte) (0x80 | 127)).putLong(payload.length);
		}
		frame.putInt(0).put(payload);
		this.wire.write(frame.array(), 0, frame.position());
	}

	@Override
	public void close() {
		this.wire.close();
	}

}
