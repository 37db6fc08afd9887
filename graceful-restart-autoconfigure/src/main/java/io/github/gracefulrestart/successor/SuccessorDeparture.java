package io.github.gracefulrestart.successor;

import java.time.Duration;

import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Threads;
import org.apache.commons.logging.Log;

/**
 * How a successor ends that must not serve, or no longer.
 */
final class SuccessorDeparture {

	private static final Log logger = RestartLog.LOG;

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final Departure departure;

	private final RestartSettings settings;

	SuccessorDeparture(Departure departure, RestartSettings settings) {
		this.departure = departure;
		this.settings = settings;
	}

	/**
	 * End within a limit that is shorter than that of the predecessor, so that the reason
	 * is logged here.
	 * @param urgent whether there are no requests to complete first
	 */
	void expect(boolean urgent) {
		Duration limit = this.settings.terminationTimeout();
		Duration patience = urgent ? limit : limit.plus(this.settings.drainTimeout());
		Duration quarter = patience.dividedBy(4);
		this.departure.expect(patience.minus((quarter.compareTo(MARGIN) < 0) ? quarter : MARGIN));
	}

	/**
	 * The successor of a dry run must not serve, even when the predecessor has exited.
	 * @param predecessor the predecessor's name
	 */
	void endDryRun(String predecessor) {
		LastResort.attempt("Saying why this process ends", () -> logger
			.warn(predecessor + " has exited. This process was launched for a dry run only and exits, too"));
		// Closing the context waits for requests to the role, so it needs another thread
		try {
			// Not a daemon: the JVM must not end before this has closed the context
			Threads.start("graceful-restart-departure", () -> this.departure.leave(null, false, () -> {
			}), false);
		}
		catch (OutOfMemoryError ex) {
			// This process does not serve
			Runtime.getRuntime().halt(1);
		}
	}

}
