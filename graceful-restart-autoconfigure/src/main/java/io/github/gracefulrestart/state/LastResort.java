package io.github.gracefulrestart.state;

import org.apache.commons.logging.Log;

/**
 * Runs steps that must be tried whatever is thrown: if memory or threads are short, a
 * second error may occur while the first one is handled.
 */
public final class LastResort {

	private static final Log logger = RestartLog.LOG;

	private LastResort() {
	}

	/**
	 * Run one of several independent steps.
	 * @param what the name of the step, for the log
	 * @param step the step
	 */
	public static void attempt(String what, Step step) {
		try {
			step.run();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			log(what, " failed. Continuing with the next step", ex);
		}
	}

	/**
	 * Log, which may fail like anything else.
	 * @param message what to say
	 * @param failure what was thrown
	 */
	public static void log(String message, Throwable failure) {
		log(message, "", failure);
	}

	private static void log(String message, String more, Throwable failure) {
		try {
			logger.error(message + more, failure);
		}
		catch (Throwable ex) {
			// Logging itself fails, so nothing is left to do
		}
	}

	/**
	 * A step that may fail.
	 */
	@FunctionalInterface
	public interface Step {

		/**
		 * Run the step.
		 * @throws Exception if it fails
		 */
		void run() throws Exception;

	}

}
