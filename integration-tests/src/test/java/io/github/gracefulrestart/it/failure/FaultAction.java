package io.github.gracefulrestart.it.failure;

import java.time.Duration;

/**
 * What a process does to itself.
 */
public enum FaultAction {

	/**
	 * {@code kill -9}.
	 */
	KILL("`kill -9`"),

	/**
	 * {@code SIGSTOP}: nothing runs any more, and the kernel keeps all that is open.
	 */
	HANG("SIGSTOP"),

	/**
	 * {@code System.exit}.
	 */
	EXIT("exit"),

	/**
	 * Closes its end of the control connection and goes on.
	 */
	CLOSE("socket closed"),

	/**
	 * Sends what is no message and goes on.
	 */
	GARBAGE("garbage frame"),

	/**
	 * Its thread gets an error as if memory were short, or threads where one is to be
	 * started, and goes on if it can.
	 */
	ERROR("`OutOfMemoryError`"),

	/**
	 * Stays where it is; its other threads go on.
	 */
	SILENCE("silence"),

	/**
	 * Becomes another program, with the same process id.
	 */
	EXEC("exec"),

	/**
	 * Goes on, so that a test can look at the moment before.
	 */
	NONE("none");

	private final String label;

	FaultAction(String label) {
		this.label = label;
	}

	/**
	 * Return what its column in the table is called.
	 */
	String label() {
		return this.label;
	}

	/**
	 * Whether requests that the process has accepted end with it, or wait until it is
	 * continued.
	 */
	boolean takesRequestsAlong() {
		return this == KILL || this == HANG;
	}

	/**
	 * Return how long a process waits for a step of the other one. One that hangs is
	 * waited for, and the cells say how long, and so may be one without memory or
	 * threads. All others are waited for long enough on the slowest machine.
	 */
	Duration stepTimeout() {
		return switch (this) {
			case HANG, ERROR -> Duration.ofSeconds(5);
			default -> Duration.ofSeconds(60);
		};
	}

	/**
	 * Return how long a successor may take to end. A stopped process does not end before
	 * it is killed, and one whose connection has ended is expected to end itself for as
	 * long. All others end in time even on a busy machine.
	 */
	Duration terminationTimeout() {
		return switch (this) {
			case HANG -> Duration.ofSeconds(1);
			case ERROR -> Duration.ofSeconds(4);
			case CLOSE -> Duration.ofSeconds(8);
			default -> Duration.ofSeconds(10);
		};
	}

}
