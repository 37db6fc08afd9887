package io.github.gracefulrestart.supervisor;

import java.util.List;
import java.util.function.Supplier;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.posix.ProcessKeeper;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Checks whether a supervisor would end the whole service when this process exits, so
 * that a successor would not outlive its predecessor.
 */
public final class SupervisorCheck implements PreflightCheck, Ordered {

	private static final String NAME = "supervisor";

	private final Supervision supervision;

	private final Supplier<@Nullable String> obstacle;

	private final UnitHazards hazards;

	/**
	 * Create a check of this process.
	 * @param supervision who watches it
	 * @param beans those of the application
	 */
	public SupervisorCheck(Supervision supervision, ListableBeanFactory beans) {
		this(supervision, ProcessKeeper::obstacle, UnitHazards.of(beans));
	}

	SupervisorCheck(Supervision supervision, Supplier<@Nullable String> obstacle, UnitHazards hazards) {
		this.supervision = supervision;
		this.obstacle = obstacle;
		this.hazards = hazards;
	}

	@Override
	public int getOrder() {
		// Before the checks of the application
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public List<PreflightResult> check(int generation) {
		List<String> hazards = (this.supervision.kind() == Supervision.Kind.PID_FILE)
				? this.hazards.find(this.supervision.file()) : List.of();
		return hazards.isEmpty() ? List.of(check())
				: hazards.stream().map((hazard) -> PreflightResult.refused(NAME, hazard)).toList();
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
