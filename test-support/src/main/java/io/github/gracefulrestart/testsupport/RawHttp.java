package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection to a server on this machine, in full view of the test: it is
 * opened, written to and read from exactly when the test says so. Never retries, never
 * reconnects, and every failure is a {@link RequestFailedException} that says which of
 * the {@linkplain Outcome outcomes} it was. For one thread.
 */
public final class RawHttp implements AutoCloseable {

	/**
	 * How long connecting and each answer may take unless said otherwise.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

	private final Wire wire;

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private final ResponseParser parser = new ResponseParser(this::keep);

	private Duration timeout;

	private int answers;

	private RawHttp(Wire wire, Duration timeout) {
		this.wire = wire;
		this.timeout = timeout;
	}

	/**
	 * Connect.
	 * @param port the port on the loopback address
	 * @return the connection
	 * @throws RequestFailedException if there is no connection
	 */
	public static RawHttp connect(int port) throws RequestFailedException {
		return connect(port, false, DEFAULT_TIMEOUT);
	}

	/**
	 * Connect and do a TLS handshake; any certificate is accepted.
	 * @param port the port on the loopback address
	 * @return the connection
	 * @throws RequestFailedException if there is no connection
	 */
	public static RawHttp connectTls(int port) throws RequestFailedException {
		return connect(port, true, DEFAULT_TIMEOUT);
	}

	/**
	 * Connect.
	 * @param port the port on the loopback address
	 * @param tls whether to use TLS; any certificate is accepted
	 * @param timeout how long connecting and later each answer may take
	 * @return the connection
	 * @throws RequestFailedException if there is no connection
	 */
	public static RawHttp connect(int port, boolean tls, Duration timeout) throws RequestFailedException {
		return new RawHttp(Wire.connect(port, tls, timeout), timeout);
	}

	/**
	 * Make one GET request on a connection of its own, which is closed afterwards.
	 * @param port the port on the loopback address
	 * @param path path and query
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public static HttpAnswer fetch(int port, String path) throws RequestFailedException {
		try (RawHttp http = connect(port)) {
			http.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			return http.read();
		}
	}

	/**
	 * Change how long an answer may take from now on.
	 * @param timeout the time
	 * @return this connection
	 */
	public RawHttp timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Make one GET request and read its answer.
	 * @param path path and query
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer get(String path) throws RequestFailedException {
		writeGet(path);
		return read();
	}

	/**
	 * Make one POST request and read its answer.
	 * @param path path and query
	 * @param content the body
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer post(String path, byte[] content) throws RequestFailedException {
		write("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ "Content-Length: " + content.length + "\r\n\r\n");
		write(content);
		return read();
	}

	/**
	 * Write one GET request and do not wait for its answer.
	 * @param path path and query
	 * @throws RequestFailedException if the connection is broken
	 */
	public void writeGet(String path) throws RequestFailedException {
		write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	/**
	 * Write a piece of a request.
	 * @param text the piece, in ISO 8859-1
	 * @throws RequestFailedException if the connection is broken
	 */
	public void write(String text) throws RequestFailedException {
		write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Write a piece of a request.
	 * @param bytes the piece
	 * @throws RequestFailedException if the connection is broken
	 */
	public void write(byte[] bytes) throws RequestFailedException {
		try {
			this.wire.write(bytes);
		}
		catch (IOException ex) {
			throw failed(Outcome.reset(reused(), false), ex);
		}
	}

	/**
	 * Read exactly one answer; what follows it is left for the next call.
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer read() throws RequestFailedException {
		this.parser.reset();
		this.body.reset();
		long deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			while (this.wire.fill(deadline)) {
				switch (this.parser.feed(this.wire.input())) {
					case DONE -> {
						return answer();
					}
					case BAD -> throw failed(Outcome.BAD_RESPONSE, null);
					case MORE -> {
					}
				}
			}
		}
		catch (RequestFailedException ex) {
			throw ex;
		}
		catch (SocketTimeoutException ex) {
			throw failed(Outcome.timeout(this.parser.begun()), ex);
		}
		catch (IOException ex) {
			throw failed(Outcome.reset(reused(), this.parser.begun()), ex);
		}
		if (this.parser.completeAtEndOfStream()) {
			return answer();
		}
		throw failed(Outcome.endOfStream(reused(), this.parser.begun()), null);
	}

	private HttpAnswer answer() {
		this.answers++;
		return new HttpAnswer(this.parser, this.body.toByteArray());
	}

	private void keep(ByteBuffer piece) {
		this.body.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
	}

	private RequestFailedException failed(Outcome outcome, @Nullable IOException cause) {
		return new RequestFailedException(outcome, "after " + this.answers + " answers on this connection", cause);
	}

	private boolean reused() {
		return this.answers > 0;
	}

	/**
	 * Wait, without sending anything, for the server to end this connection.
	 * @param patience how long to wait
	 * @return how the connection ended, {@link ConnectionEnd#OPEN} if it did not
	 */
	public ConnectionEnd awaitEnd(Duration patience) {
		try {
			return this.wire.fill(System.nanoTime() + patience.toNanos()) ? ConnectionEnd.DATA : ConnectionEnd.EOF;
		}
		catch (SocketTimeoutException ex) {
			return ConnectionEnd.OPEN;
		}
		catch (IOException ex) {
			return ConnectionEnd.RESET;
		}
	}

	/**
	 * Return whether anything has arrived that was not read, without waiting.
	 * @return whether there are bytes; with TLS perhaps only a notice
	 * @throws IOException if the connection is broken
	 */
	boolean available() throws IOException {
		return this.wire.available();
	}

	/**
	 * Return the connection, for a protocol that it was switched to.
	 * @return the connection and what was read too much
	 */
	Wire wire() {
		return this.wire;
	}

	/**
	 * Return how many answers have been read from this connection.
	 * @return the number of complete answers
	 */
	public int answers() {
		return this.answers;
	}

	/**
	 * Return this connection's own port, by which the server may know it.
	 * @return the local port
	 */
	public int localPort() {
		return this.wire.localPort();
	}

	/**
	 * Close for writing only: the server sees the end of the stream and can still answer.
	 * @throws IOException if the connection is broken
	 */
	public void shutdownOutput() throws IOException {
		this.wire.shutdownOutput();
	}

	/**
	 * End the connection with a reset, as a client does that dies.
	 */
	public void abort() {
		this.wire.abort();
	}

	@Override
	public void close() {
		this.wire.close();
	}

}
