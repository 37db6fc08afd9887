package io.github.gracefulrestart.predecessor;

import org.jspecify.annotations.Nullable;

/**
 * How a restart ends whose successor does not serve on.
 */
sealed interface Ending {

	/**
	 * Return why.
	 * @return one sentence
	 */
	String reason();

	/**
	 * Return what the successor said or wrote last.
	 * @return the text, or {@code null} if that does not matter
	 */
	default @Nullable String detail() {
		return null;
	}

	/**
	 * Something went wrong. This process serves on.
	 *
	 * @param reason what went wrong
	 * @param detail what the successor said or wrote last, if that may help
	 * @param cause what was thrown here, if that is the reason
	 */
	record Failed(String reason, @Nullable String detail, @Nullable Throwable cause) implements Ending {

		Failed(String reason, @Nullable String detail) {
			this(reason, detail, null);
		}

	}

	/**
	 * This process was told to stop. Both end.
	 */
	record Stopped() implements Ending {

		@Override
		public String reason() {
			return "this process was told to stop";
		}

	}

	/**
	 * The application was asked to shut down when the successor served it, which has
	 * ended. This process follows.
	 *
	 * @param reason who was asked
	 */
	record ShutDown(String reason) implements Ending {

	}

}
