package io.github.gracefulrestart.restart;

import io.github.gracefulrestart.preflight.PreflightReport;

/**
 * A restart was asked for and is not done. Nothing has changed: the service goes on.
 *
 * @since 0.1.0
 */
public final class RestartRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Kind kind;

	private RestartRefusedException(Kind kind, String reason) {
		super(reason);
		this.kind = kind;
	}

	static RestartRefusedException underWay(String reason) {
		return new RestartRefusedException(Kind.UNDER_WAY, reason);
	}

	static RestartRefusedException impossible(String reason) {
		return new RestartRefusedException(Kind.IMPOSSIBLE, reason);
	}

	static RestartRefusedException unavailable(String reason) {
		return new RestartRefusedException(Kind.UNAVAILABLE, reason);
	}

	static RestartRefusedException of(PreflightReport report) {
		return report.unavailable() ? unavailable(report.reason()) : impossible(report.reason());
	}

	/**
	 * Return the kind of refusal.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Whether asking again may help.
	 */
	public enum Kind {

		/**
		 * Another restart is under way. Ask again when it has ended.
		 */
		UNDER_WAY,

		/**
		 * Something that the operator can change stands in the way.
		 */
		IMPOSSIBLE,

		/**
		 * This process cannot restart, or cannot yet.
		 */
		UNAVAILABLE

	}

}
