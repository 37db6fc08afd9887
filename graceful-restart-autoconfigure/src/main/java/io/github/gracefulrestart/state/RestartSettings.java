package io.github.gracefulrestart.state;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The limits and settings of a restart.
 *
 * @param limits the times, all of them
 * @param moveConnections whether connections between two requests move to the successor
 * @param controlDirectory where the directory of the control socket is made
 * @param keepJars whether a copy of the application's jars is kept there, without a name
 */
public record RestartSettings(Map<Limit, Duration> limits, boolean moveConnections, Path controlDirectory,
		boolean keepJars) {

	/**
	 * Check that no time is missing.
	 */
	public RestartSettings {
		limits = Map.copyOf(limits);
		Set<Limit> missing = EnumSet.allOf(Limit.class);
		missing.removeAll(limits.keySet());
		if (!missing.isEmpty()) {
			throw new IllegalArgumentException("there is no " + missing);
		}
	}

	private Duration limit(Limit limit) {
		return Objects.requireNonNull(this.limits.get(limit));
	}

	public Duration startupTimeout() {
		return limit(Limit.STARTUP_TIMEOUT);
	}

	public Duration handoverTimeout() {
		return limit(Limit.HANDOVER_TIMEOUT);
	}

	public Duration drainTimeout() {
		return limit(Limit.DRAIN_TIMEOUT);
	}

	public Duration keepAliveGrace() {
		return limit(Limit.KEEP_ALIVE_GRACE);
	}

	public Duration probation() {
		return limit(Limit.PROBATION);
	}

	public Duration hangTimeout() {
		return limit(Limit.HANG_TIMEOUT);
	}

	public Duration terminationTimeout() {
		return limit(Limit.TERMINATION_TIMEOUT);
	}

	public Duration shutdownTimeout() {
		return limit(Limit.SHUTDOWN_TIMEOUT);
	}

	public Duration participantTimeout() {
		return limit(Limit.PARTICIPANT_TIMEOUT);
	}

	/**
	 * The times, by name, so that they cannot be confused.
	 */
	public enum Limit {

		/**
		 * Allowed for a successor to become ready.
		 */
		STARTUP_TIMEOUT,

		/**
		 * Allowed for each step of the handover after that.
		 */
		HANDOVER_TIMEOUT,

		/**
		 * Allowed for requests to finish.
		 */
		DRAIN_TIMEOUT,

		/**
		 * For which connections without a request are kept after the last request.
		 */
		KEEP_ALIVE_GRACE,

		/**
		 * After the takeover, for which this process can roll back.
		 */
		PROBATION,

		/**
		 * For which a successor that serves may be silent.
		 */
		HANG_TIMEOUT,

		/**
		 * Between asking a successor to end and killing it.
		 */
		TERMINATION_TIMEOUT,

		/**
		 * Allowed for this process to exit when it has handed over the service.
		 */
		SHUTDOWN_TIMEOUT,

		/**
		 * Allowed for each call of a participant.
		 */
		PARTICIPANT_TIMEOUT

	}

}
