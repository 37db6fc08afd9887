package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;

/**
 * Looks at one thing that could keep a restart from succeeding. Runs on the thread of the
 * restart while the service goes on, changes nothing that lasts, and may be run any
 * number of times.
 */
@FunctionalInterface
interface PlanCheck {

	/**
	 * Look.
	 * @param launch what would be launched
	 * @return what was found, one result at least
	 */
	List<PreflightResult> check(PlannedLaunch launch);

}
