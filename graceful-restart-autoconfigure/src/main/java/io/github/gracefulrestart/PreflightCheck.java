package io.github.gracefulrestart;

import java.util.List;

/**
 * Looks at one thing that could keep a restart from succeeding. Beans of this type are
 * asked, in their order, before each restart and dry run, when the starter's own checks
 * have been made. A check runs on the thread of the restart while the service goes on: it
 * should return soon, changes nothing that lasts, and may be run any number of times. One
 * that throws an exception refuses the restart.
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
