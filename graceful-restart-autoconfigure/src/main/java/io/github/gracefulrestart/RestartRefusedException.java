package io.github.gracefulrestart;

/**
 * A requested restart was refused. Nothing has changed: the service continues.
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

	/**
	 * Refuse a restart because another restart is under way.
	 * @param reason what stands in the way, and what to do
	 * @return the exception
	 */
	public static RestartRefusedException underWay(String reason) {
		return new RestartRefusedException(Kind.UNDER_WAY, reason);
	}

	/**
	 * Refuse a restart because of something that the operator can change.
	 * @param reason what stands in the way, and what to do
	 * @return the exception
	 */
	public static RestartRefusedException impossible(String reason) {
		return new RestartRefusedException(Kind.IMPOSSIBLE, reason);
	}

	/**
	 * Refuse a restart because this process cannot restart, or cannot yet.
	 * @param reason what stands in the way, and what to do
	 * @return the exception
	 */
	public static RestartRefusedException unavailable(String reason) {
		return new RestartRefusedException(Kind.UNAVAILABLE, reason);
	}

	/**
	 * Return the kind of refusal.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Whether another request may succeed.
	 */
	public enum Kind {

		/**
		 * Another restart is under way. Try again when it has ended.
		 */
		UNDER_WAY,

		/**
		 * A problem that the operator can fix prevents the restart.
		 */
		IMPOSSIBLE,

		/**
		 * This process cannot restart, or cannot yet.
		 */
		UNAVAILABLE

	}

}
