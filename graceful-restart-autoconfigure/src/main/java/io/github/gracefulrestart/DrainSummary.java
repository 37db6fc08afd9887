package io.github.gracefulrestart;

/**
 * What happened to the connections that the predecessor had accepted. Each is counted
 * once, when it ends in the predecessor.
 *
 * @param moved connections that the successor continues to serve, without their client
 * noticing
 * @param told connections that ended after their client had been told to go: by a
 * response with {@code Connection: close} that the client had not asked for, by GOAWAY,
 * by the close of a WebSocket, or by the end of an event stream
 * @param finished connections that ended as they would have without a restart: closed by
 * the client, or after the last response that it wanted or was allowed
 * @param closedIdle connections without a request that were closed at the end of the
 * drain, without their client having been told
 * @param cut connections with a request that were aborted because a time limit had passed
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
