package io.github.gracefulrestart.preflight;

/**
 * What happens when there may be too little memory for a second JVM.
 */
public enum MemoryRule {

	/**
	 * As {@link #REFUSE} where the kernel would end all processes of a control group
	 * together ({@code memory.oom.group}), elsewhere as {@link #WARN}.
	 */
	AUTO,

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
