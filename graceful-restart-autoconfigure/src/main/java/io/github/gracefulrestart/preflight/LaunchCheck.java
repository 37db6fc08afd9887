package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.process.LaunchPlan;
import io.github.gracefulrestart.process.SuccessorLauncher;

/**
 * Whether a process can be launched as this one was: the program, the working directory,
 * the file with variables. The only check that reports why no launch can be planned.
 */
final class LaunchCheck implements PlanCheck {

	private static final String NAME = "executable";

	private final SuccessorLauncher launcher;

	LaunchCheck(SuccessorLauncher launcher) {
		this.launcher = launcher;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		LaunchPlan plan = launch.plan();
		if (plan == null) {
			return List.of(PreflightResult.refused(NAME, String.valueOf(launch.failure())));
		}
		List<String> damaged = this.launcher.damagedVariables();
		return List.of(damaged.isEmpty()
				? PreflightResult.passed(NAME, plan.program().file() + " and the working directory exist")
				: PreflightResult.warning(NAME,
						"/proc/self/environ cannot be read, as in a program with file capabilities, and these "
								+ "variables are not valid text in the charset of this JVM: the successor gets "
								+ "other bytes: " + String.join(", ", damaged)));
	}

}
