package io.github.gracefulrestart.testsupport;

/**
 * The two directions of flow control (RFC 9113, section 5.2), of a stream or of a whole
 * connection: what may still be sent, and what was received and is not yet given back.
 * Guarded by the client.
 */
final class Http2Window {

	static final int DEFAULT = 65535;

	/** Tomcat takes many small updates for an attack, and goes away. */
	private static final int UPDATE_THRESHOLD = DEFAULT / 2;

	private long left;

	private int consumed;

	Http2Window(long left) {
		this.left = left;
	}

	/**
	 * Return how much may be sent.
	 * @return the number of bytes, negative if the server has made the window smaller
	 */
	long left() {
		return this.left;
	}

	/**
	 * Change what may be sent.
	 * @param bytes how much more, negative for what is being sent
	 */
	void add(long bytes) {
		this.left += bytes;
	}

	/**
	 * Note that something was received.
	 * @param bytes how much
	 * @return how much is to be given back now, 0 for nothing
	 */
	int consume(int bytes) {
		this.consumed += bytes;
		if (this.consumed < UPDATE_THRESHOLD) {
			return 0;
		}
		int update = this.consumed;
		this.consumed = 0;
		return update;
	}

}
