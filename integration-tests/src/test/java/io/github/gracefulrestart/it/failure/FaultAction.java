package io.github.gracefulrestart.it.failure;

import java.time.Duration;

/**
 * What a process does to itself.
 */
enum FaultAction {

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

	/** How long a test waits for a process that hangs. The table says so, too. */
	private static final Duration HANG_TIMEOUT = Duration.ofSeconds(5);

	/** No step takes as long, even on a slow machine. */
	private static final Duration LONG = Duration.ofSeconds(60);

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
	 * Return the time that each step of a restart may take.
	 */
	Duration stepTimeout() {
		// Without memory or threads, a process may hang as well
		return (this == HANG || this == ERROR) ? HANG_TIMEOUT : LONG;
	}

}
