package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Reads one stream of server-sent events from a server on this machine, and says whether
 * the server completed it with a last chunk ({@link Outcome#OK}) or it broke off
 * ({@link Outcome#EOF_MID}, {@link Outcome#RESET_MID}). Never reconnects.
 */
public final class EventStreamReader implements AutoCloseable {

	static final String EVENT_STREAM = "text/event-stream";

	private final Wire wire;

	private final BlockingQueue<ServerSentEvent> events = new LinkedBlockingQueue<>();

	private final CompletableFuture<Outcome> ending = new CompletableFuture<>();

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private final ResponseParser parser = new ResponseParser(this::body);

	private final List<String> data = new ArrayList<>();

	private String id = "";

	private String name = "";

	private EventStreamReader(Wire wire) {
		this.wire = wire;
	}

	/**
	 * Request an event stream and wait for the head of the answer.
	 * @param port the port on the loopback address
	 * @param path path and query
	 * @return the reader
	 * @throws IOException if there is no answer or its status is not 200
	 */
	public static EventStreamReader open(int port, String path) throws IOException {
		return open(port, path, false);
	}

	/**
	 * Request an event stream and wait for the head of the answer.
	 * @param port the port on the loopback address
	 * @param path path and query
	 * @param tls whether to use TLS; any certificate is accepted
	 * @return the reader
	 * @throws IOException if there is no answer or its status is not 200
	 */
	public static EventStreamReader open(int port, String path, boolean tls) throws IOException {
		return open(port, "GET " + path, EVENT_STREAM, tls);
	}

	/**
	 * Make a request without a body that is answered with an event stream, and wait for
	 * the head of the answer.
	 * @param port the port on the loopback address
	 * @param request method and path
	 * @param accept what the client says it accepts
	 * @param tls whether to use TLS; any certificate is accepted
	 * @return the reader
	 * @throws IOException if there is no answer or its status is not 200
	 */
	public static EventStreamReader open(int port, String request, String accept, boolean tls) throws IOException {
		EventStreamReader reader = new EventStreamReader(Wire.connect(port, tls, RawHttp.DEFAULT_TIMEOUT));
		reader.wire
			.write((request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAccept: " + accept + "\r\n\r\n")
				.getBytes(StandardCharsets.ISO_8859_1));
		Outcome outcome = reader.read(System.nanoTime() + RawHttp.DEFAULT_TIMEOUT.toNanos(), true);
		if ((outcome != null && outcome != Outcome.OK) || reader.parser.status() != 200) {
			reader.close();
			throw new IOException(
					"No event stream at " + request + ": status " + reader.parser.status() + ", " + outcome);
		}
		Thread thread = new Thread(() -> reader.readAll(outcome), "events-" + port);
		thread.setDaemon(true);
		thread.start();
		return reader;
	}

	private void readAll(@Nullable Outcome already) {
		Outcome outcome = (already != null) ? already : read(Wire.NO_DEADLINE, false);
		this.wire.close();
		this.ending.complete(Objects.requireNonNull(outcome));
	}

	/** Read to the end, or only to the end of the head and what came with it. */
	private @Nullable Outcome read(long deadline, boolean onlyHead) {
		try {
			while (this.wire.fill(deadline)) {
				switch (this.parser.feed(this.wire.input())) {
					case DONE -> {
						return Outcome.answered(this.parser.status());
					}
					case BAD -> {
						return Outcome.BAD_RESPONSE;
					}
					case MORE -> {
						if (onlyHead && this.parser.headRead()) {
							return null;
						}
					}
				}
			}
			return Outcome.endOfStream(false, this.parser.begun());
		}
		catch (SocketTimeoutException ex) {
			return Outcome.timeout(this.parser.begun());
		}
		catch (IOException ex) {
			return Outcome.reset(false, this.parser.begun());
		}
	}

	private void body(ByteBuffer piece) {
		while (piece.hasRemaining()) {
			byte next = piece.get();
			if (next != '\n') {
				this.line.write(next);
				continue;
			}
			line(this.line.toString(StandardCharsets.UTF_8).stripTrailing());
			this.line.reset();
		}
	}

	private void line(String text) {
		int colon = text.indexOf(':');
		String value = (colon >= 0) ? text.substring(colon + 1).stripLeading() : "";
		switch ((colon >= 0) ? text.substring(0, colon) : text) {
			case "id" -> {
				this.id = value;
			}
			case "event" -> {
				this.name = value;
			}
			case "data" -> this.data.add(value);
			default -> {
				if (text.isEmpty() && !this.data.isEmpty()) {
					this.events.add(new ServerSentEvent(this.id, this.name, String.join("\n", this.data)));
					this.data.clear();
					this.name = "";
				}
			}
		}
	}

	/**
	 * Return the process that answers.
	 * @return the header {@code X-Pid}, or -1
	 */
	public long pid() {
		return this.parser.pid();
	}

	/**
	 * Wait for the next event.
	 * @param patience how long to wait
	 * @return the event, or {@code null} if none came in time
	 */
	public @Nullable ServerSentEvent next(Duration patience) {
		try {
			return this.events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	/**
	 * Wait for the server to end the stream.
	 * @param patience how long to wait
	 * @return {@link Outcome#OK} if the answer is complete
	 * @throws AssertionError if it has not ended when the time is up
	 */
	public Outcome awaitEnd(Duration patience) {
		try {
			return this.ending.get(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("The event stream has not ended within " + patience, ex);
		}
	}

	/**
	 * Return whether the stream goes on.
	 * @return whether {@link #awaitEnd} would wait
	 */
	public boolean isOpen() {
		return !this.ending.isDone();
	}

	@Override
	public void close() {
		this.wire.close();
	}

}
