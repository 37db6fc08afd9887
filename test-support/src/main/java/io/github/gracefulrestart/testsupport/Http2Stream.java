package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.hc.core5.http.Header;

/**
 * One request on an {@link Http2Client}, perhaps still being sent.
 */
public final class Http2Stream {

	private final Http2Client client;

	private final int id;

	private final Map<String, String> headers = new TreeMap<>();

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private final CompletableFuture<Http2Result> result = new CompletableFuture<>();

	private int status = -1;

	private final Http2Window window;

	Http2Stream(Http2Client client, int id, long window) {
		this.client = client;
		this.id = id;
		this.window = new Http2Window(window);
	}

	Http2Window window() {
		return this.window;
	}

	/**
	 * Return the number of the stream.
	 * @return the stream's id
	 */
	public int id() {
		return this.id;
	}

	/**
	 * Send a piece of the body, as soon as the server's windows allow.
	 * @param piece the piece
	 * @param last whether the request ends with it
	 * @throws IOException if the connection or the stream has ended
	 */
	public void send(byte[] piece, boolean last) throws IOException {
		this.client.sendData(this, piece, last);
	}

	/**
	 * Wait for the end of the request, whatever it is.
	 * @param patience how long to wait
	 * @return how it ended
	 * @throws AssertionError if it has not ended when the time is up
	 */
	public Http2Result await(Duration patience) {
		try {
			return this.result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("Stream " + this.id + " has not ended within " + patience, ex);
		}
	}

	/**
	 * Return whether the request has ended.
	 * @return whether {@link #await} would return at once
	 */
	public boolean isEnded() {
		return this.result.isDone();
	}

	void received(List<? extends Header> received) {
		synchronized (this.body) {
			for (Header header : received) {
				if (header.getName().equals(":status")) {
					this.status = Integer.parseInt(header.getValue());
				}
				else {
					this.headers.merge(header.getName(), header.getValue(), (first, second) -> first + ", " + second);
				}
			}
		}
	}

	void received(byte[] piece) {
		synchronized (this.body) {
			this.body.writeBytes(piece);
		}
	}

	void end(Http2Result.Ending ending, long errorCode) {
		synchronized (this.body) {
			this.result.complete(new Http2Result(this.id, ending, this.status, Map.copyOf(this.headers),
					this.body.toString(StandardCharsets.UTF_8), errorCode));
		}
	}

}
