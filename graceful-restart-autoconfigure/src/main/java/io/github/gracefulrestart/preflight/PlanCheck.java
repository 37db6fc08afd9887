package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;

/**
 * Checks one condition for a restart to succeed. Runs on the thread of the restart while
 * the service continues, leaves no changes behind, and may be run any number of times.
 */
@FunctionalInterface
interface PlanCheck {

	/**
	 * Check.
	 * @param launch the launch that is planned
	 * @return what was found, one result at least
	 */
	List<PreflightResult> check(PlannedLaunch launch);

}
