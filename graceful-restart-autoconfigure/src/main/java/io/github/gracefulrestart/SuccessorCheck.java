package io.github.gracefulrestart;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a successor that is on probation should continue to serve. All beans of
 * this type are called repeatedly, in the successor, until its predecessor has exited. If
 * there is a problem several times in a row, the predecessor is asked to roll back.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SuccessorCheck {

	/**
	 * Check. Called on the thread {@code graceful-restart-check}, for one bean after
	 * another in their order until one reports a problem, every
	 * {@code graceful.restart.health-check.interval}. It may block: all beans together
	 * have {@code graceful.restart.health-check.timeout}, after which the thread is
	 * interrupted. That, an exception and an error count as a problem too.
	 * @return why this process should not continue to serve, for logs and reports, or
	 * {@code null} if it should
	 * @throws Exception if the check could not be made
	 */
	@Nullable String problem() throws Exception;

}
