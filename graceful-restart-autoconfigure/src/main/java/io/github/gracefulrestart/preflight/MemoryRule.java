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
