package io.github.gracefulrestart;

import java.util.Locale;

/**
 * How a restart ended.
 *
 * @since 0.1.0
 */
public enum RestartOutcome {

	/**
	 * The successor serves; the predecessor has exited or is exiting.
	 */
	COMPLETED,

	/**
	 * The restart was refused before anything was launched.
	 */
	REFUSED,

	/**
	 * The successor was launched but never served.
	 */
	FAILED,

	/**
	 * The successor served, but the predecessor had to roll back.
	 */
	ROLLED_BACK,

	/**
	 * A dry run, which replaces nothing.
	 */
	DRY_RUN,

	/**
	 * This process was told to stop while the restart was under way; both processes
	 * exited.
	 */
	STOPPED;

	/**
	 * Return the name for messages, reports and meters.
	 * @return the name in lower case with hyphens
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
