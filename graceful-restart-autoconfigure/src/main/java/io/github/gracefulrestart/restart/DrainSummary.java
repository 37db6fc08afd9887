package io.github.gracefulrestart.restart;

/**
 * What became of the connections that the predecessor had accepted.
 *
 * @param moved connections that the successor serves on, without their client noticing
 * @param finished connections that ended with their last answer, the client having been
 * told that it is the last, or by the client itself
 * @param closedIdle connections without a request that were closed at the end of the
 * drain
 * @param cut connections with a request that were closed because time was up
 * @since 0.1.0
 */
public record DrainSummary(long moved, long finished, long closedIdle, long cut) {

	/**
	 * The summary of a drain that has not begun.
	 */
	public static final DrainSummary NONE = new DrainSummary(0, 0, 0, 0);

	/**
	 * Add another summary to this one.
	 * @param other the other summary
	 * @return the sum
	 */
	public DrainSummary plus(DrainSummary other) {
		return new DrainSummary(this.moved + other.moved, this.finished + other.finished,
				this.closedIdle + other.closedIdle, this.cut + other.cut);
	}

}
