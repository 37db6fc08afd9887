package io.github.gracefulrestart.preflight;

/**
 * What happens when this process listens on a socket that no restart hands over.
 */
public enum ForeignListenersRule {

	/**
	 * A warning is logged, and the restart continues.
	 */
	WARN,

	/**
	 * The restart is refused.
	 */
	REFUSE,

	/**
	 * It is not checked.
	 */
	OFF

}
