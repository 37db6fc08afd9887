package io.github.gracefulrestart;

import java.util.List;

/**
 * Checks one condition for a restart to succeed. Beans of this type are called, in their
 * order, before each restart and dry run, after the starter's own checks. A check leaves
 * no changes behind, and may be run any number of times. To acquire something for the
 * length of a restart, use a {@link RestartParticipant}.
 * <p>
 * A check runs on the thread {@code graceful-restart}, without locks, while the service
 * continues. It may block, but has no time limit: until it returns, the restart does not
 * start and others are refused. A check that throws an exception refuses the restart.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PreflightCheck {

	/**
	 * Check.
	 * @param generation the generation that a successor would have
	 * @return the results, at least one
	 */
	List<PreflightResult> check(int generation);

}
