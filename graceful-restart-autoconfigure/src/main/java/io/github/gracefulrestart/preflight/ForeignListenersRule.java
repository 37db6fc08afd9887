package io.github.gracefulrestart.preflight;

/**
 * What happens when this process listens on a socket that no restart hands over.
 */
public enum ForeignListenersRule {

	/**
	 * It is said in the log, and the restart is done.
	 */
	WARN,

	/**
	 * The restart is refused.
	 */
	REFUSE,

	/**
	 * Nobody looks.
	 */
	OFF

}
