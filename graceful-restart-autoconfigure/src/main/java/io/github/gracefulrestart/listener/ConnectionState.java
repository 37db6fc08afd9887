package io.github.gracefulrestart.listener;

import java.time.Duration;

/**
 * What a process has to know of a connection between two requests to serve it on as if
 * nothing had happened, and what its descriptor does not tell.
 *
 * @param idle for how long nothing has arrived on it
 * @param requestsLeft how many more requests it may carry, not positive if that is not
 * limited
 */
public record ConnectionState(Duration idle, int requestsLeft) {

	/**
	 * No server waits longer for a request; and what another process says can be added
	 * to.
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
