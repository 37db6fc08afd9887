package io.github.gracefulrestart;

/**
 * The connections of a listener host at one moment.
 *
 * @param active connections with a request, part of one, or an answer on its way
 * @param idle connections without
 * @since 0.1.0
 */
public record ConnectionCount(int active, int idle) {

	/** No connection. */
	public static final ConnectionCount NONE = new ConnectionCount(0, 0);

	/**
	 * Return all connections.
	 * @return active and idle
	 */
	public int total() {
		return this.active + this.idle;
	}

	/**
	 * Add another count to this one.
	 * @param other the other count
	 * @return the sum
	 */
	public ConnectionCount plus(ConnectionCount other) {
		return new ConnectionCount(this.active + other.active, this.idle + other.idle);
	}

}
