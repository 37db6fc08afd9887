package io.github.gracefulrestart.testsupport;

/**
 * A stretch of time, such as that of one restart.
 *
 * @param from its beginning, by {@link System#nanoTime()}
 * @param to its end, by {@link System#nanoTime()}, itself not included
 */
public record TimeWindow(long from, long to) {

	/**
	 * Create the window that begins at a moment and ends now.
	 * @param from the beginning, by {@link System#nanoTime()}
	 * @return the window
	 */
	public static TimeWindow since(long from) {
		return new TimeWindow(from, System.nanoTime());
	}

	/**
	 * Return whether a moment lies within this window.
	 * @param moment the moment, by {@link System#nanoTime()}
	 * @return whether it lies within
	 */
	public boolean contains(long moment) {
		return moment - this.from >= 0 && moment - this.to < 0;
	}

}
