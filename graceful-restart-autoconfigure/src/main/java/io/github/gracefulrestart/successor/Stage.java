package io.github.gracefulrestart.successor;

/**
 * The stage that a successor has reached. Each constant says which process accepts
 * connections.
 */
enum Stage {

	/**
	 * The application starts. The predecessor accepts.
	 */
	INHERITING,

	/**
	 * The application has started but must not serve, and the predecessor has been told.
	 * The predecessor accepts, and ends this JVM. If it dies instead, this JVM serves
	 * nevertheless.
	 */
	UNFIT,

	/**
	 * The application is ready, and the predecessor has been told. The predecessor
	 * accepts.
	 */
	AWAITING_PROCEED,

	/**
	 * This JVM accepts, and the predecessor drains.
	 */
	SUCCEEDING,

	/**
	 * The predecessor is gone. This JVM accepts alone.
	 */
	SERVING,

	/**
	 * This JVM was told to stop. The predecessor accepts, if it can.
	 */
	LEAVING;

	/**
	 * Return whether this JVM has not taken over.
	 */
	boolean isBeforeTakeover() {
		return isBeforeReady() || this == AWAITING_PROCEED;
	}

	/**
	 * Return whether this JVM has not offered to take over.
	 */
	boolean isBeforeReady() {
		return this == INHERITING || this == UNFIT;
	}

}
