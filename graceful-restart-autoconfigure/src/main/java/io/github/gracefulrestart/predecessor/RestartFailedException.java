package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.Nullable;

/**
 * Ends a restart that is under way. Never leaves this package.
 */
final class RestartFailedException extends Exception {

	private static final long serialVersionUID = 1L;

	private final @Nullable String detail;

	private final Kind kind;

	private RestartFailedException(String reason, @Nullable String detail, Kind kind, @Nullable Throwable cause) {
		super(reason, cause);
		this.detail = detail;
		this.kind = kind;
	}

	static RestartFailedException because(String reason, @Nullable String detail) {
		return new RestartFailedException(reason, detail, Kind.FAILED, null);
	}

	static RestartFailedException because(String reason, Throwable cause) {
		return new RestartFailedException(reason, null, Kind.FAILED, cause);
	}

	static RestartFailedException stopped() {
		return new RestartFailedException("this process was told to stop", null, Kind.STOPPED, null);
	}

	static RestartFailedException successorStopped(String reason) {
		return new RestartFailedException(reason, null, Kind.SUCCESSOR_STOPPED, null);
	}

	@Nullable String detail() {
		return this.detail;
	}

	Kind kind() {
		return this.kind;
	}

	String reason() {
		return (getMessage() != null) ? getMessage() : "unknown";
	}

	/**
	 * Whether somebody wanted it.
	 */
	enum Kind {

		/**
		 * Something went wrong. This process serves on.
		 */
		FAILED,

		/**
		 * This process was told to stop.
		 */
		STOPPED,

		/**
		 * The successor was told to stop when it served, and has ended.
		 */
		SUCCESSOR_STOPPED

	}

}
