package io.github.gracefulrestart;

import java.util.List;

/**
 * Looks at one thing that could keep a restart from succeeding. Beans of this type are
 * asked, in their order, before each restart and dry run, when the starter's own checks
 * have been made. A check changes nothing that lasts, and may be run any number of times;
 * what has to be taken for the length of a restart is for a {@link RestartParticipant}.
 * <p>
 * A check runs on the thread {@code graceful-restart}, under no lock, while the service
 * goes on. It may block, but has no limit: until it returns, the restart does not begin
 * and others are refused. One that throws an exception refuses the restart.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PreflightCheck {

	/**
	 * Look.
	 * @param generation the generation that a successor would have
	 * @return what was found, one result at least
	 */
	List<PreflightResult> check(int generation);

}
