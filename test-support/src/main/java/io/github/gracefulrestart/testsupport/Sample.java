package io.github.gracefulrestart.testsupport;

import java.time.Duration;

/**
 * One request of a load.
 *
 * @param due when it should have been sent, by {@link System#nanoTime()}
 * @param latency time from then to its end
 * @param outcome how it ended
 * @param reused whether its connection had answered before
 * @param pid the process that answered or began to, -1 if it is not known
 */
public record Sample(long due, Duration latency, Outcome outcome, boolean reused, long pid) {

	/**
	 * Return when the request ended.
	 * @return the moment, by {@link System#nanoTime()}
	 */
	public long ended() {
		return this.due + this.latency.toNanos();
	}

}
