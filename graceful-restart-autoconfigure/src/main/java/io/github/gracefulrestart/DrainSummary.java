package io.github.gracefulrestart;

/**
 * What became of the connections that the predecessor had accepted. Each is counted once,
 * when it ends here.
 *
 * @param moved connections that the successor serves on, without their client noticing
 * @param told connections that ended after their client had been told to go: by an answer
 * that said {@code Connection: close} although the client had not asked for it, by
 * GOAWAY, by the close of a WebSocket, or by the end of an event stream
 * @param finished connections that ended as they would have without a restart: closed by
 * the client, or with the last answer that it wanted or was allowed
 * @param closedIdle connections without a request that were closed at the end of the
 * drain, without their client having been told
 * @param cut connections with a request that were closed because time was up
 * @since 0.1.0
 */
public record DrainSummary(long moved, long told, long finished, long closedIdle, long cut) {

	/**
	 * The summary of a drain that has not begun.
	 */
	public static final DrainSummary NONE = new DrainSummary(0, 0, 0, 0, 0);

	/**
	 * Add another summary to this one.
	 * @param other the other summary
	 * @return the sum
	 */
	public DrainSummary plus(DrainSummary other) {
		return new DrainSummary(this.moved + other.moved, this.told + other.told, this.finished + other.finished,
				this.closedIdle + other.closedIdle, this.cut + other.cut);
	}

}
