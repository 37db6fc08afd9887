package io.github.gracefulrestart.it.failure;

/**
 * What a process does to itself.
 */
enum FaultAction {

	/**
	 * {@code kill -9}.
	 */
	KILL,

	/**
	 * {@code SIGSTOP}: nothing runs any more, and the kernel keeps all that is open.
	 */
	HANG,

	/**
	 * {@code System.exit}.
	 */
	EXIT,

	/**
	 * Closes its end of the control connection and goes on.
	 */
	CLOSE,

	/**
	 * Sends what is no message and goes on.
	 */
	GARBAGE,

	/**
	 * Stays where it is; its other threads go on.
	 */
	SILENCE;

	/**
	 * Whether requests that the process has accepted end with it, or wait until it is
	 * continued.
	 */
	boolean takesRequestsAlong() {
		return this == KILL || this == HANG;
	}

}
