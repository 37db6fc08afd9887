package io.github.gracefulrestart.generations;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartSettings.Limit;

/**
 * The limits of a restart. Those that a test does not care about are too long to be
 * reached, and times that pass in any case are zero.
 */
public final class Limits {

	/**
	 * For what a test waits for.
	 */
	public static final Duration PATIENCE = Duration.ofMinutes(2);

	/**
	 * What is never over.
	 */
	public static final Duration LONG = Duration.ofMinutes(10);

	/**
	 * What is over soon.
	 */
	public static final Duration SHORT = Duration.ofMillis(60);

	private final Map<Limit, Duration> limits = new EnumMap<>(Limit.class);

	private boolean move = true;

	public Limits() {
		for (Limit limit : Limit.values()) {
			this.limits.put(limit, PATIENCE);
		}
		keepAliveGrace(Duration.ZERO).probation(Duration.ZERO);
	}

	public Limits startup(Duration limit) {
		return with(Limit.STARTUP_TIMEOUT, limit);
	}

	public Limits handover(Duration limit) {
		return with(Limit.HANDOVER_TIMEOUT, limit);
	}

	public Limits drain(Duration limit) {
		return with(Limit.DRAIN_TIMEOUT, limit);
	}

	public Limits keepAliveGrace(Duration time) {
		return with(Limit.KEEP_ALIVE_GRACE, time);
	}

	public Limits probation(Duration time) {
		return with(Limit.PROBATION, time);
	}

	public Limits hang(Duration limit) {
		return with(Limit.HANG_TIMEOUT, limit);
	}

	public Limits termination(Duration limit) {
		return with(Limit.TERMINATION_TIMEOUT, limit);
	}

	public Limits shutdown(Duration limit) {
		return with(Limit.SHUTDOWN_TIMEOUT, limit);
	}

	public Limits moveNothing() {
		this.move = false;
		return this;
	}

	private Limits with(Limit limit, Duration time) {
		this.limits.put(limit, time);
		return this;
	}

	/**
	 * Return the settings of a restart with these limits.
	 * @param directory where control sockets are made
	 * @return the settings
	 */
	public RestartSettings settings(Path directory) {
		return new RestartSettings(this.limits, this.move, directory, false);
	}

}
