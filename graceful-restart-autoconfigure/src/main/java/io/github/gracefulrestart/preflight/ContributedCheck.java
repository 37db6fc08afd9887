package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;

/**
 * Runs a check of the application. If the check itself fails, the restart is refused,
 * because it is not known whether it may be done.
 */
final class ContributedCheck implements PlanCheck {

	private static final String NAME = "application";

	private final PreflightCheck check;

	private final int generation;

	ContributedCheck(PreflightCheck check, int generation) {
		this.check = check;
		this.generation = generation;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		try {
			return this.check.check(this.generation);
		}
		catch (RuntimeException | LinkageError ex) {
			return List.of(PreflightResult.refused(NAME, "a check of the application failed ("
					+ this.check.getClass().getName() + "): " + ex + ". Correct the check, or remove its bean"));
		}
	}

}
