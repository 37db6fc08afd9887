package io.github.gracefulrestart.supervisor;

import java.util.List;
import java.util.function.Supplier;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.posix.ProcessKeeper;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Checks whether a supervisor would end the whole service when this process exits, so
 * that a successor would not outlive its predecessor.
 */
public final class SupervisorCheck implements PreflightCheck {

	private static final String NAME = "supervisor";

	private final Supervision supervision;

	private final Supplier<@Nullable String> obstacle;

	/**
	 * Create a check of this process.
	 * @param environment the configuration
	 */
	public SupervisorCheck(Environment environment) {
		this(Supervision.of(environment), ProcessKeeper::obstacle);
	}

	SupervisorCheck(Supervision supervision, Supplier<@Nullable String> obstacle) {
		this.supervision = supervision;
		this.obstacle = obstacle;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		return List.of(check());
	}

	private PreflightResult check() {
		return switch (this.supervision.kind()) {
			case PID_FILE -> PreflightResult.passed(NAME, "supervised by " + this.supervision.by());
			case NONE -> PreflightResult.passed(NAME, "not supervised (" + this.supervision.by() + ")");
			case KEEPER -> (this.supervision.keeper() != null)
					? PreflightResult.passed(NAME, "supervised by " + this.supervision.by()) : keeper();
			case UNSUITABLE -> PreflightResult.refused(NAME,
					"systemd runs this service with a unit that has no PIDFile=: when this process exits, systemd ends "
							+ "the service, and a successor with it. Add RuntimeDirectory=NAME and "
							+ "PIDFile=/run/NAME/main.pid to the unit, and restart it once. "
							+ "--graceful.restart.print=systemd-unit prints a complete unit");
		};
	}

	private PreflightResult keeper() {
		String reason = this.obstacle.get();
		if (reason == null) {
			return PreflightResult.passed(NAME, "supervised by " + this.supervision.by()
					+ ": this process stays, as the keeper of the service, when its successor serves");
		}
		return PreflightResult.unavailable(NAME,
				"this process is supervised by " + this.supervision.by()
						+ ", for which the service ends with it, and cannot become the keeper of its successor: "
						+ reason + ". Restart the service as a whole");
	}

}
