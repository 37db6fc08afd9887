package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection (RFC 9113) to a server on this machine, by prior knowledge or
 * over TLS. It shows what other clients hide: GOAWAY, RST_STREAM, and how each stream and
 * the connection ended. Never retries, never reconnects, and opens new streams even after
 * a GOAWAY, if told to.
 */
public final class Http2Client implements AutoCloseable {

	private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final int MAX_FRAME = 16384;

	private static final int SETTING_TABLE = 1;

	private static final int SETTING_WINDOW = 4;

	private final Wire wire;

	private final Http2Headers headers;

	private final Map<Integer, Http2Stream> streams = new TreeMap<>();

	private final List<Http2GoAway> goAways = new ArrayList<>();

	private ConnectionEnd end = ConnectionEnd.OPEN;

	private boolean settingsReceived;

	private int pongs;

	private int nextStreamId = 1;

	private long initialWindow = Http2Window.DEFAULT;

	private final Http2Window window = new Http2Window(Http2Window.DEFAULT);

	private Http2Client(Wire wire, int port, boolean tls) {
		this.wire = wire;
		this.headers = new Http2Headers(tls ? "https" : "http", "localhost:" + port);
	}

	/**
	 * Connect without TLS, knowing that the server speaks HTTP/2, and wait for its
	 * settings.
	 * @param port the port on the loopback address
	 * @return the connection
	 * @throws IOException if there is no connection, or the server does not speak HTTP/2
	 */
	public static Http2Client connect(int port) throws IOException {
		return connect(Wire.connect(port, false, RawHttp.DEFAULT_TIMEOUT), port, false);
	}

	/**
	 * Connect with TLS, agree on HTTP/2 (ALPN), and wait for the server's settings. Any
	 * certificate is accepted.
	 * @param port the port on the loopback address
	 * @return the connection
	 * @throws IOException if there is no connection, or the server does not speak HTTP/2
	 */
	public static Http2Client connectTls(int port) throws IOException {
		Wire wire = Wire.connect(port, true, RawHttp.DEFAULT_TIMEOUT, "h2");
		if (!wire.applicationProtocol().equals("h2")) {
			wire.close();
			throw new IOException("The server on port " + port + " did not agree to h2");
		}
		return connect(wire, port, true);
	}

	private static Http2Client connect(Wire wire, int port, boolean tls) throws IOException {
		Http2Client client = new Http2Client(wire, port, tls);
		wire.write(PREFACE);
		client.write(new Http2Frame(Http2Frame.SETTINGS, 0, 0, new byte[0]));
		Thread reader = new Thread(client::read, "http2-" + port);
		reader.setDaemon(true);
		reader.start();
		client.await(RawHttp.DEFAULT_TIMEOUT, client::isSettled);
		if (!client.isSettled()) {
			client.close();
			throw new IOException("The server on port " + port + " sent no HTTP/2 settings");
		}
		return client;
	}

	/**
	 * Begin a GET request.
	 * @param path path and query
	 * @return the stream
	 * @throws IOException if the connection has ended
	 */
	public Http2Stream get(String path) throws IOException {
		return open("GET", path, true);
	}

	/**
	 * Begin a GET request as an {@code EventSource} does.
	 * @param path path and query
	 * @return the stream
	 * @throws IOException if the connection has ended
	 */
	public Http2Stream getEvents(String path) throws IOException {
		return open("GET", path, EventStreamReader.EVENT_STREAM, true);
	}

	/**
	 * Make a POST request.
	 * @param path path and query
	 * @param content the body, sent before this method returns
	 * @return the stream
	 * @throws IOException if the connection has ended
	 */
	public Http2Stream post(String path, byte[] content) throws IOException {
		Http2Stream stream = open("POST", path, false);
		stream.send(content, true);
		return stream;
	}

	/**
	 * Begin a request.
	 * @param method the method
	 * @param path path and query
	 * @param complete whether the request has no body; else send it with
	 * {@link Http2Stream#send}
	 * @return the stream
	 * @throws IOException if the connection has ended
	 */
	public Http2Stream open(String method, String path, boolean complete) throws IOException {
		return open(method, path, "*/*", complete);
	}

	/**
	 * Open a stream.
	 * @param method the method
	 * @param path path and query
	 * @param accept what the client accepts
	 * @param complete whether nothing follows the header
	 * @return the stream
	 * @throws IOException if the request cannot be written
	 */
	public synchronized Http2Stream open(String method, String path, String accept, boolean complete)
			throws IOException {
		requireOpen();
		Http2Stream stream = new Http2Stream(this, this.nextStreamId, this.initialWindow);
		this.nextStreamId += 2;
		this.streams.put(stream.id(), stream);
		int flags = Http2Frame.END_HEADERS | (complete ? Http2Frame.END_STREAM : 0);
		write(new Http2Frame(Http2Frame.HEADERS, flags, stream.id(), this.headers.request(method, path, accept)));
		return stream;
	}

	void sendData(Http2Stream stream, byte[] content, boolean last) throws IOException {
		int sent = 0;
		do {
			byte[] piece = awaitWindow(stream, content, sent);
			sent += piece.length;
			boolean ends = last && sent == content.length;
			write(new Http2Frame(Http2Frame.DATA, ends ? Http2Frame.END_STREAM : 0, stream.id(), piece));
		}
		while (sent < content.length);
	}

	private synchronized byte[] awaitWindow(Http2Stream stream, byte[] content, int from) throws IOException {
		int wanted = Math.min(content.length - from, MAX_FRAME);
		boolean open = await(RawHttp.DEFAULT_TIMEOUT,
				() -> wanted == 0 || stream.isEnded() || Math.min(stream.window().left(), this.window.left()) > 0);
		requireOpen();
		if (!open || stream.isEnded()) {
			throw new IOException("Stream " + stream.id() + (open ? " has ended" : " has had no window for too long"));
		}
		int size = (int) Math.max(0, Math.min(wanted, Math.min(stream.window().left(), this.window.left())));
		stream.window().add(-size);
		this.window.add(-size);
		return Arrays.copyOfRange(content, from, from + size);
	}

	/**
	 * Wait until the server has answered a ping.
	 * @param patience how long to wait
	 * @return whether it has answered
	 * @throws IOException if the connection has ended
	 */
	public boolean ping(Duration patience) throws IOException {
		int expected;
		synchronized (this) {
			requireOpen();
			expected = this.pongs + 1;
		}
		write(new Http2Frame(Http2Frame.PING, 0, 0, new byte[8]));
		return await(patience, () -> this.pongs >= expected) && pongs() >= expected;
	}

	private synchronized boolean isSettled() {
		return this.settingsReceived;
	}

	private synchronized int pongs() {
		return this.pongs;
	}

	/**
	 * Return what the server said about going away, so far.
	 * @return all its GOAWAY frames
	 */
	public synchronized List<Http2GoAway> goAways() {
		return List.copyOf(this.goAways);
	}

	/**
	 * Wait for the server's first GOAWAY.
	 * @param patience how long to wait
	 * @return the GOAWAY
	 * @throws AssertionError if none has come when the time is up or the connection ends
	 */
	public Http2GoAway awaitGoAway(Duration patience) {
		await(patience, () -> !this.goAways.isEmpty());
		List<Http2GoAway> received = goAways();
		if (received.isEmpty()) {
			throw new AssertionError("No GOAWAY within " + patience + ", connection " + end());
		}
		return received.get(0);
	}

	/**
	 * Wait for the server to end the connection.
	 * @param patience how long to wait
	 * @return how it ended, {@link ConnectionEnd#OPEN} if it did not
	 */
	public ConnectionEnd awaitEnd(Duration patience) {
		await(patience, () -> false);
		return end();
	}

	private synchronized ConnectionEnd end() {
		return this.end;
	}

	private void requireOpen() throws IOException {
		if (end() != ConnectionEnd.OPEN) {
			throw new IOException("The connection has ended: " + end());
		}
	}

	/**
	 * Wait for a condition or the end of the connection.
	 * @param patience how long to wait
	 * @param condition the condition, evaluated under the lock
	 * @return whether one of both came in time
	 */
	private synchronized boolean await(Duration patience, BooleanSupplier condition) {
		long deadline = System.nanoTime() + patience.toNanos();
		while (!condition.getAsBoolean() && this.end == ConnectionEnd.OPEN) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			try {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
		return true;
	}

	private synchronized void write(Http2Frame frame) throws IOException {
		this.wire.write(frame.toBytes());
	}

	private void read() {
		try {
			while (true) {
				received(Http2Frame.read(this.wire));
			}
		}
		catch (IOException ex) {
			ended(Wire.end(ex));
		}
	}

	private synchronized void ended(ConnectionEnd how) {
		this.end = how;
		Http2Result.Ending ending = (how == ConnectionEnd.EOF) ? Http2Result.Ending.CONNECTION_EOF
				: Http2Result.Ending.CONNECTION_RESET;
		this.streams.values().forEach((stream) -> stream.end(ending, 0));
		notifyAll();
	}

	private synchronized void received(Http2Frame frame) throws IOException {
		Http2Stream stream = this.streams.get(frame.streamId());
		switch (frame.type()) {
			case Http2Frame.DATA -> data(stream, frame);
			case Http2Frame.HEADERS, Http2Frame.CONTINUATION -> headers(stream, frame);
			case Http2Frame.RST_STREAM -> {
				if (stream != null) {
					stream.end(Http2Result.Ending.RESET_STREAM, frame.data().getInt() & 0xffffffffL);
				}
			}
			case Http2Frame.SETTINGS -> settings(frame);
			case Http2Frame.PING -> ping(frame);
			case Http2Frame.GOAWAY -> goAway(frame);
			case Http2Frame.WINDOW_UPDATE -> windowUpdate(stream, frame);
			default -> {
				// PUSH_PROMISE is only for clients that allow it, everything else is to
				// be
				// ignored
			}
		}
		notifyAll();
	}

	private void answer(Http2Frame frame) {
		try {
			write(frame);
		}
		catch (IOException ex) {
			// what the server sent before it closed is still to be read
		}
	}

	private void data(@Nullable Http2Stream stream, Http2Frame frame) {
		giveBack(0, this.window.consume(frame.payload().length));
		if (stream == null) {
			return;
		}
		stream.received(frame.content());
		if (frame.has(Http2Frame.END_STREAM)) {
			stream.end(Http2Result.Ending.COMPLETE, 0);
			return;
		}
		int update = stream.window().consume(frame.payload().length);
		if (!stream.isEnded()) {
			giveBack(stream.id(), update);
		}
	}

	private void giveBack(int streamId, int update) {
		if (update > 0) {
			answer(Http2Frame.ofInt(Http2Frame.WINDOW_UPDATE, streamId, update));
		}
	}

	private void headers(@Nullable Http2Stream stream, Http2Frame frame) throws IOException {
		List<? extends Header> received = this.headers.received(frame);
		if (received == null || stream == null) {
			return;
		}
		stream.received(received);
		if (this.headers.endsStream()) {
			stream.end(Http2Result.Ending.COMPLETE, 0);
		}
	}

	private void settings(Http2Frame frame) {
		if (frame.has(Http2Frame.ACK)) {
			return;
		}
		ByteBuffer data = frame.data();
		while (data.remaining() >= 6) {
			int setting = data.getShort();
			long value = data.getInt() & 0xffffffffL;
			if (setting == SETTING_TABLE) {
				this.headers.tableSize(value);
			}
			else if (setting == SETTING_WINDOW) {
				long change = value - this.initialWindow;
				this.initialWindow = value;
				this.streams.values().forEach((stream) -> stream.window().add(change));
			}
		}
		this.settingsReceived = true;
		answer(new Http2Frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]));
	}

	private void ping(Http2Frame frame) {
		if (frame.has(Http2Frame.ACK)) {
			this.pongs++;
		}
		else {
			answer(new Http2Frame(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload()));
		}
	}

	private void goAway(Http2Frame frame) {
		ByteBuffer data = frame.data();
		int lastStreamId = data.getInt() & Integer.MAX_VALUE;
		long errorCode = data.getInt() & 0xffffffffL;
		this.goAways.add(new Http2GoAway(lastStreamId, errorCode, StandardCharsets.UTF_8.decode(data).toString(),
				System.nanoTime()));
		this.streams.values()
			.stream()
			.filter((stream) -> stream.id() > lastStreamId)
			.forEach((stream) -> stream.end(Http2Result.Ending.UNPROCESSED, errorCode));
	}

	private void windowUpdate(@Nullable Http2Stream stream, Http2Frame frame) {
		int increment = frame.data().getInt() & Integer.MAX_VALUE;
		if (frame.streamId() == 0) {
			this.window.add(increment);
		}
		else if (stream != null) {
			stream.window().add(increment);
		}
	}

	/**
	 * Return this connection's own port, by which the server may know it.
	 * @return the local port
	 */
	public int localPort() {
		return this.wire.localPort();
	}

	@Override
	public void close() {
		this.wire.close();
	}

}
