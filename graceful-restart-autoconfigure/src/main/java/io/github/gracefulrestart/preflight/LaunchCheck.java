package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.SuccessorLauncher;

/**
 * Whether a process can be launched as this one was: the Java executable, the working
 * directory, the file with variables.
 */
final class LaunchCheck implements PreflightCheck {

	private static final String NAME = "executable";

	private final SuccessorLauncher launcher;

	LaunchCheck(SuccessorLauncher launcher) {
		this.launcher = launcher;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		try {
			this.launcher.check();
			return List.of(PreflightResult.passed(NAME, "the Java executable and the working directory exist"));
		}
		catch (LaunchException ex) {
			return List.of(PreflightResult.refused(NAME, String.valueOf(ex.getMessage())));
		}
	}

}
