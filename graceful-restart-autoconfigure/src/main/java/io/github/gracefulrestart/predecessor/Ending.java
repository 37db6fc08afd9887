package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.Nullable;

/**
 * How a restart ends if the successor does not continue to serve.
 */
sealed interface Ending {

	/**
	 * Return the reason.
	 * @return one sentence
	 */
	String reason();

	/**
	 * Return the last message or output of the successor.
	 * @return the text, or {@code null} if it is not relevant
	 */
	default @Nullable String detail() {
		return null;
	}

	/**
	 * An error. This process continues to serve.
	 *
	 * @param reason the error, in one sentence
	 * @param detail the last message or output of the successor, if that may help
	 * @param cause the exception in this process, if that is the reason
	 */
	record Failed(String reason, @Nullable String detail, @Nullable Throwable cause) implements Ending {

		Failed(String reason, @Nullable String detail) {
			this(reason, detail, null);
		}

	}

	/**
	 * This process was told to stop. Both processes exit.
	 */
	record Stopped() implements Ending {

		@Override
		public String reason() {
			return "this process was told to stop";
		}

	}

	/**
	 * The application was asked to shut down while the successor served, and the
	 * successor has exited. This process exits, too.
	 *
	 * @param reason the reason
	 */
	record ShutDown(String reason) implements Ending {

	}

}
