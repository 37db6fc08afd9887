package io.github.gracefulrestart.testsupport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a {@link LoadGenerator} is to do. Start with one of the three modes, then add to
 * it. Changing it later does not change a load that has been started.
 * <p>
 * With a {@linkplain #rate rate}, and in idle mode, the loop is open: a request has a due
 * time that does not depend on the server, and latency runs from there. Otherwise a
 * connection sends its next request as soon as it has the answer, or 10 ms after a
 * failure.
 */
public final class LoadSettings {

	private static final int UPLOAD_PIECES = 10;

	private final Mode mode;

	private final int port;

	private final int connections;

	private final Duration interval;

	private String name;

	private String path = "/hello";

	private double rate;

	private long requests = Long.MAX_VALUE;

	private Duration timeout = RawHttp.DEFAULT_TIMEOUT;

	private boolean tls;

	private int uploadSize = -1;

	private Duration uploadTime = Duration.ZERO;

	private LoadSettings(Mode mode, int port, int connections, Duration interval) {
		this.mode = mode;
		this.port = port;
		this.connections = connections;
		this.interval = interval;
		this.name = mode.label;
	}

	private LoadSettings(LoadSettings other) {
		this(other.mode, other.port, other.connections, other.interval);
		this.name = other.name;
		this.path = other.path;
		this.rate = other.rate;
		this.requests = other.requests;
		this.timeout = other.timeout;
		this.tls = other.tls;
		this.uploadSize = other.uploadSize;
		this.uploadTime = other.uploadTime;
	}

	/**
	 * Create the settings of a load with a new connection for each request.
	 * @param port the port on the loopback address
	 * @param slots how many at once
	 * @return the settings
	 */
	public static LoadSettings close(int port, int slots) {
		return new LoadSettings(Mode.CLOSE, port, slots, Duration.ZERO);
	}

	/**
	 * Create the settings of a load on busy persistent connections.
	 * @param port the port on the loopback address
	 * @param connections how many
	 * @return the settings
	 */
	public static LoadSettings keepAlive(int port, int connections) {
		return new LoadSettings(Mode.KEEP_ALIVE, port, connections, Duration.ZERO);
	}

	/**
	 * Create the settings of a load on persistent connections that are idle most of the
	 * time.
	 * @param port the port on the loopback address
	 * @param connections how many
	 * @param interval mean time between the requests of one connection; each time is
	 * drawn from 50 % to 150 % of it
	 * @return the settings
	 */
	public static LoadSettings idle(int port, int connections, Duration interval) {
		return new LoadSettings(Mode.IDLE, port, connections, interval);
	}

	/**
	 * Set the name in reports.
	 * @param name the name
	 * @return these settings
	 */
	public LoadSettings name(String name) {
		this.name = name;
		return this;
	}

	/**
	 * Set what is requested; {@code /hello} unless set.
	 * @param path path and query
	 * @return these settings
	 */
	public LoadSettings path(String path) {
		this.path = path;
		return this;
	}

	/**
	 * Send at a fixed rate over those connections that are free, the longest idle first.
	 * Has no effect in idle mode.
	 * @param perSecond requests per second in total
	 * @return these settings
	 */
	public LoadSettings rate(double perSecond) {
		this.rate = perSecond;
		return this;
	}

	/**
	 * End by itself after a number of requests.
	 * @param count the number
	 * @return these settings
	 */
	public LoadSettings requests(long count) {
		this.requests = count;
		return this;
	}

	/**
	 * Set how long a request may take from when it was begun.
	 * @param timeout the time
	 * @return these settings
	 */
	public LoadSettings timeout(Duration timeout) {
		this.timeout = timeout;
		return this;
	}

	/**
	 * Use TLS, with a thread for each connection.
	 * @return these settings
	 */
	public LoadSettings tls() {
		this.tls = true;
		return this;
	}

	/**
	 * POST a body instead of a GET.
	 * @param size its size in bytes
	 * @param time how long sending it takes, in ten pieces; zero to send it at once
	 * @return these settings
	 */
	public LoadSettings upload(int size, Duration time) {
		this.uploadSize = size;
		this.uploadTime = time;
		return this;
	}

	LoadSettings copy() {
		return new LoadSettings(this);
	}

	String name() {
		return this.name;
	}

	int port() {
		return this.port;
	}

	int connections() {
		return this.connections;
	}

	boolean isTls() {
		return this.tls;
	}

	boolean isIdle() {
		return this.mode == Mode.IDLE;
	}

	boolean isPersistent() {
		return this.mode != Mode.CLOSE;
	}

	double rate() {
		return isIdle() ? 0 : this.rate;
	}

	long requests() {
		return this.requests;
	}

	Duration timeout() {
		return this.timeout;
	}

	Duration interval() {
		return this.interval;
	}

	/**
	 * Return the pieces in which a request is sent.
	 * @return the pieces, of which there is only one unless an upload is to take time
	 */
	byte[][] pieces() {
		byte[] request = request();
		if (this.uploadTime.isZero()) {
			return new byte[][] { request };
		}
		byte[][] pieces = new byte[UPLOAD_PIECES][];
		for (int i = 0; i < UPLOAD_PIECES; i++) {
			pieces[i] = Arrays.copyOfRange(request, border(request.length, i), border(request.length, i + 1));
		}
		return pieces;
	}

	private static int border(int length, int piece) {
		return (int) ((long) length * piece / UPLOAD_PIECES);
	}

	Duration pieceInterval() {
		return this.uploadTime.dividedBy(UPLOAD_PIECES);
	}

	private byte[] request() {
		boolean upload = this.uploadSize >= 0;
		String head = (upload ? "POST " : "GET ") + this.path + " HTTP/1.1\r\nHost: localhost\r\n"
				+ (isPersistent() ? "" : "Connection: close\r\n") + (upload
						? "Content-Type: application/octet-stream\r\nContent-Length: " + this.uploadSize + "\r\n" : "")
				+ "\r\n";
		byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
		byte[] request = Arrays.copyOf(bytes, bytes.length + Math.max(0, this.uploadSize));
		Arrays.fill(request, bytes.length, request.length, (byte) 'x');
		return request;
	}

	private enum Mode {

		CLOSE("close"), KEEP_ALIVE("keepalive"), IDLE("idle");

		private final String label;

		Mode(String label) {
			this.label = label;
		}

	}

}
