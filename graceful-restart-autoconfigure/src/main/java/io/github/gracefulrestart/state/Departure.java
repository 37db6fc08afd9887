package io.github.gracefulrestart.state;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Ends this JVM, because another one serves or the service stops.
 */
@FunctionalInterface
public interface Departure {

	/**
	 * Close the application context and exit, in any case and within a limit.
	 * @param successorPid the process id of the JVM that serves from now on, or
	 * {@code null} if none does
	 * @param drained whether all accepted requests have been completed or aborted, so
	 * that the web server need not wait for any
	 * @param left done when the application has ended, before this process does
	 */
	void leave(@Nullable Long successorPid, boolean drained, Runnable left);

	/**
	 * Limit the time in which this JVM, which ends for another reason, may exit.
	 * @param limit the limit
	 */
	default void expect(Duration limit) {
	}

}
