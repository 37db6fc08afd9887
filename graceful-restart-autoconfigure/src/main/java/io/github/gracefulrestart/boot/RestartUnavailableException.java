package io.github.gracefulrestart.boot;

/**
 * Graceful restarts are required and do not work here.
 */
public class RestartUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public RestartUnavailableException(String reason) {
		super(reason);
	}

}
