package io.github.gracefulrestart.successor;

/**
 * How far a successor has come. Each constant says who accepts connections.
 */
enum Stage {

	/**
	 * The application starts. The predecessor accepts.
	 */
	INHERITING,

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
		return this == INHERITING || this == AWAITING_PROCEED;
	}

}
