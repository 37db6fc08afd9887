package io.github.gracefulrestart.preflight;

/**
 * What happens when there may be too little memory for a second JVM.
 */
public enum MemoryRule {

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
