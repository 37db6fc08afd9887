package io.github.gracefulrestart.state;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Ends this JVM, because another one serves or nobody is to.
 */
@FunctionalInterface
public interface Departure {

	/**
	 * Close the application context and exit, in any case and within a limit.
	 * @param successorPid the process id of the JVM that serves from now on, or
	 * {@code null} if none does
	 * @param drained whether all that was accepted has been finished or cut, so that
	 * there is nothing that the web server might wait for
	 * @param left done when the application has ended, before this process does
	 */
	void leave(@Nullable Long successorPid, boolean drained, Runnable left);

	/**
	 * See to it that this JVM, which ends for another reason, does so within a limit.
	 * @param limit the limit
	 */
	default void expect(Duration limit) {
	}

}
