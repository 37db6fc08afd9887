package io.github.gracefulrestart.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;

/**
 * Looks for what ends the whole service when this process exits, so that a successor
 * would not outlive its predecessor.
 */
public final class SupervisorCheck implements PreflightCheck {

	private static final String NAME = "supervisor";

	/** Names the process that systemd has started. */
	private static final String STARTED_BY_SYSTEMD = "SYSTEMD_EXEC_PID";

	private final Map<String, String> environment;

	private final long pid;

	/**
	 * Create a check of this process.
	 */
	public SupervisorCheck() {
		this(System.getenv(), ProcessHandle.current().pid());
	}

	SupervisorCheck(Map<String, String> environment, long pid) {
		this.environment = environment;
		this.pid = pid;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		return List.of(check());
	}

	private PreflightResult check() {
		if (this.pid == 1) {
			return PreflightResult.unavailable(NAME,
					"this process is PID 1 of its container or namespace: when it exits, the kernel ends all other "
							+ "processes in it, and a successor with them. Replace the container, or run the service "
							+ "under a supervisor in it that does not end with its first process");
		}
		Path pidFile = PidFileSettings.ofUnit(this.environment);
		if (pidFile != null) {
			return PreflightResult.passed(NAME, "systemd finds the process that is the service in " + pidFile);
		}
		if (String.valueOf(this.pid).equals(this.environment.get(STARTED_BY_SYSTEMD))) {
			return PreflightResult.refused(NAME,
					"systemd runs this service with a unit that has no PIDFile=: when this process exits, systemd ends "
							+ "the service, and a successor with it. Add RuntimeDirectory=NAME and "
							+ "PIDFile=/run/NAME/main.pid to the unit, and restart it once. "
							+ "--graceful.restart.print=systemd-unit prints a complete unit");
		}
		return PreflightResult.passed(NAME, "no supervisor is known that ends the service with this process");
	}

}
