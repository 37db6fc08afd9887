package io.github.gracefulrestart.listener;

import java.time.Duration;

/**
 * What a process needs to know, in addition to the descriptor, to continue to serve a
 * connection that is between two requests.
 *
 * @param idle the time since the last byte arrived
 * @param requestsLeft how many more requests it may carry, not positive if that is not
 * limited
 */
public record ConnectionState(Duration idle, int requestsLeft) {

	/**
	 * The upper limit of the idle time. No server waits longer for a request, and a value
	 * from another process can then be added to without an overflow.
	 */
	private static final Duration LONGEST = Duration.ofDays(365);

	public ConnectionState {
		if (idle.isNegative()) {
			idle = Duration.ZERO;
		}
		else if (idle.compareTo(LONGEST) > 0) {
			idle = LONGEST;
		}
	}

}
