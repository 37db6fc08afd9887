package io.github.gracefulrestart.generations;

import java.nio.file.Path;
import java.time.Duration;

import io.github.gracefulrestart.state.RestartSettings;

/**
 * The limits of a restart that a test does not care about are too long to be reached.
 */
public final class Limits {

	private static final Duration LONG = Duration.ofMinutes(2);

	private Duration startup = LONG;

	private Duration handover = LONG;

	private Duration drain = LONG;

	private Duration keepAliveGrace = Duration.ZERO;

	private Duration probation = Duration.ZERO;

	private Duration hang = LONG;

	private Duration termination = LONG;

	private Duration shutdown = LONG;

	private boolean move = true;

	public Limits startup(Duration limit) {
		this.startup = limit;
		return this;
	}

	public Limits handover(Duration limit) {
		this.handover = limit;
		return this;
	}

	public Limits drain(Duration limit) {
		this.drain = limit;
		return this;
	}

	public Limits keepAliveGrace(Duration limit) {
		this.keepAliveGrace = limit;
		return this;
	}

	public Limits probation(Duration limit) {
		this.probation = limit;
		return this;
	}

	public Limits hang(Duration limit) {
		this.hang = limit;
		return this;
	}

	public Limits termination(Duration limit) {
		this.termination = limit;
		return this;
	}

	public Limits shutdown(Duration limit) {
		this.shutdown = limit;
		return this;
	}

	public Limits moveNothing() {
		this.move = false;
		return this;
	}

	RestartSettings settings(Path directory) {
		return new RestartSettings(this.startup, this.handover, this.drain, this.move, this.keepAliveGrace,
				this.probation, this.hang, this.termination, this.shutdown, directory, false);
	}

}
