package io.github.gracefulrestart.successor;

import java.time.Duration;

import io.github.gracefulrestart.state.Departure;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Threads;
import org.apache.commons.logging.Log;

/**
 * How a successor ends that is not to serve, or not any longer.
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
	 * End within a limit, before the predecessor loses patience, so that the reason is
	 * known.
	 * @param urgent whether there is nothing to finish first
	 */
	void expect(boolean urgent) {
		Duration limit = this.settings.terminationTimeout();
		Duration patience = urgent ? limit : limit.plus(this.settings.drainTimeout());
		Duration quarter = patience.dividedBy(4);
		this.departure.expect(patience.minus((quarter.compareTo(MARGIN) < 0) ? quarter : MARGIN));
	}

	/**
	 * Nobody has asked this process to serve, not even when the predecessor is gone.
	 * @param predecessor the predecessor's name
	 */
	void endDryRun(String predecessor) {
		LastResort.attempt("Saying why this process ends", () -> logger
			.warn(predecessor + " has exited. This process was launched for a dry run only and exits, too"));
		// Whoever closes the context waits for what the role is asked meanwhile
		try {
			// Not a daemon: the JVM must not end before this has closed the context
			Threads.start("graceful-restart-departure", () -> this.departure.leave(null, false, () -> {
			}), false);
		}
		catch (OutOfMemoryError ex) {
			// It serves nobody
			Runtime.getRuntime().halt(1);
		}
	}

}
