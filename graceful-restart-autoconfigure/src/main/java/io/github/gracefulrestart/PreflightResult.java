package io.github.gracefulrestart;

import java.util.Locale;

/**
 * The result of one check.
 *
 * @param check the name of the check, of lower case letters and hyphens
 * @param verdict the consequence
 * @param message what was found, whom it affects, and what to do unless the check has
 * passed
 * @since 0.1.0
 */
public record PreflightResult(String check, Verdict verdict, String message) {

	/**
	 * Create a result that lets a restart pass.
	 * @param check the name of the check
	 * @param message what was found
	 * @return the result
	 */
	public static PreflightResult passed(String check, String message) {
		return new PreflightResult(check, Verdict.PASSED, message);
	}

	/**
	 * Create a result that lets a restart pass, with a successor that is started
	 * differently than this process.
	 * @param check the name of the check
	 * @param message what was found, and what to do
	 * @return the result
	 */
	public static PreflightResult adjusted(String check, String message) {
		return new PreflightResult(check, Verdict.ADJUSTED, message);
	}

	/**
	 * Create a result that lets a restart pass although it may fail or harm.
	 * @param check the name of the check
	 * @param message what was found, and what to do
	 * @return the result
	 */
	public static PreflightResult warning(String check, String message) {
		return new PreflightResult(check, Verdict.WARNING, message);
	}

	/**
	 * Create a result that refuses a restart because of something that the operator can
	 * change.
	 * @param check the name of the check
	 * @param message what stands in the way, and what to do
	 * @return the result
	 */
	public static PreflightResult refused(String check, String message) {
		return new PreflightResult(check, Verdict.REFUSED, message);
	}

	/**
	 * Create a result that refuses a restart because this process cannot restart at all.
	 * @param check the name of the check
	 * @param message what was found, and what to do
	 * @return the result
	 */
	public static PreflightResult unavailable(String check, String message) {
		return new PreflightResult(check, Verdict.UNAVAILABLE, message);
	}

	/**
	 * The consequence of a result.
	 */
	public enum Verdict {

		/**
		 * The check has passed.
		 */
		PASSED,

		/**
		 * The successor is started differently than this process, on purpose.
		 */
		ADJUSTED,

		/**
		 * The restart may fail or do harm, but continues.
		 */
		WARNING,

		/**
		 * The restart would fail, or is refused by configuration.
		 */
		REFUSED,

		/**
		 * This process cannot restart at all.
		 */
		UNAVAILABLE;

		/**
		 * Return whether the restart is refused.
		 * @return whether this refuses
		 */
		public boolean refuses() {
			return this == REFUSED || this == UNAVAILABLE;
		}

		/**
		 * Return the name for people and for reports.
		 * @return the name in lower case
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
