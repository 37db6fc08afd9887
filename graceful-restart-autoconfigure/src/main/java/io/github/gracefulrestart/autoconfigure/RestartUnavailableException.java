package io.github.gracefulrestart.autoconfigure;

/**
 * Graceful restarts are required and do not work here.
 */
class RestartUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	RestartUnavailableException(String reason) {
		super(reason);
	}

}
