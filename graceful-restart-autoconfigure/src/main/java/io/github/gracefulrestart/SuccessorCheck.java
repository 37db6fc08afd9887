package io.github.gracefulrestart;

import org.jspecify.annotations.Nullable;

/**
 * Says whether a successor that is on probation should go on to serve. All beans of this
 * type are asked again and again, in the successor, until its predecessor is gone. When
 * one has named a problem several times in a row, the predecessor is asked to take back.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SuccessorCheck {

	/**
	 * Check. Called on the thread {@code graceful-restart-check}, for one bean after the
	 * other in their order until one has named a problem, every
	 * {@code graceful.restart.health-check.interval}. It may block: all beans together
	 * have {@code graceful.restart.health-check.timeout}, after which the thread is
	 * interrupted. That, an exception and an error count as a problem too.
	 * @return why this process should not go on to serve, for logs and reports, or
	 * {@code null} if it should
	 * @throws Exception if the check could not be made
	 */
	@Nullable String problem() throws Exception;

}
