package io.github.gracefulrestart.restart;

import org.jspecify.annotations.Nullable;

/**
 * Ends a restart that is under way. Never leaves this package.
 */
final class RestartFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final @Nullable String detail;

	private final boolean stopped;

	private RestartFailedException(String reason, @Nullable String detail, boolean stopped, @Nullable Throwable cause) {
		super(reason, cause);
		this.detail = detail;
		this.stopped = stopped;
	}

	static RestartFailedException because(String reason, @Nullable String detail) {
		return new RestartFailedException(reason, detail, false, null);
	}

	static RestartFailedException because(String reason, Throwable cause) {
		return new RestartFailedException(reason, null, false, cause);
	}

	static RestartFailedException stopped() {
		return new RestartFailedException("this process was told to stop", null, true, null);
	}

	@Nullable String detail() {
		return this.detail;
	}

	boolean isStopped() {
		return this.stopped;
	}

	String reason() {
		return (getMessage() != null) ? getMessage() : "unknown";
	}

}
