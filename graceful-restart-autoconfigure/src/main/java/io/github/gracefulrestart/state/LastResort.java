package io.github.gracefulrestart.state;

import org.apache.commons.logging.Log;

/**
 * What has to be done whatever is thrown: when memory or threads are short, a second
 * fault comes while the first one is dealt with.
 */
public final class LastResort {

	private static final Log logger = RestartLog.LOG;

	private LastResort() {
	}

	/**
	 * Do one of several things that do not depend on each other.
	 * @param what what it is, for the log
	 * @param step does it
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
			// There is nobody left to tell
		}
	}

	/**
	 * Something that may fail.
	 */
	@FunctionalInterface
	public interface Step {

		/**
		 * Do it.
		 * @throws Exception if it fails
		 */
		void run() throws Exception;

	}

}
