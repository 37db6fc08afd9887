package io.github.gracefulrestart.actuate;

import java.util.List;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightResult;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The response of the endpoint {@code reload} to a request for a dry run.
 *
 * @param message whether a restart would succeed
 * @param passed whether the dry run passed
 * @param generation the generation of this process, which continues to serve
 * @param pid this process
 * @param checks the results of the checks before a launch
 * @param boot what happened to the successor, if one was launched
 */
public record DryRunDescriptor(String message, boolean passed, int generation, long pid, List<CheckDescriptor> checks,
		@Nullable BootDescriptor boot) implements OperationResponseBody {

	static DryRunDescriptor of(DryRunReport report, boolean shown) {
		DryRunReport.Boot boot = report.boot();
		String reason = report.reason();
		String passed = (boot != null) ? "the successor became ready without traffic and has been terminated"
				: "a successor could be launched";
		return new DryRunDescriptor((reason != null) ? reason : passed, report.passed(), report.generation(),
				ProcessHandle.current().pid(), report.preflight().results().stream().map(CheckDescriptor::of).toList(),
				(boot != null) ? BootDescriptor.of(boot, shown) : null);
	}

	/**
	 * One result of a check.
	 *
	 * @param check the name of the check
	 * @param result one of {@code passed}, {@code adjusted}, {@code warning},
	 * {@code refused}, {@code unavailable}
	 * @param message what was found
	 */
	public record CheckDescriptor(String check, String result, String message) {

		private static CheckDescriptor of(PreflightResult result) {
			return new CheckDescriptor(result.check(), result.verdict().label(), result.message());
		}

	}

	/**
	 * A successor that was launched and terminated.
	 *
	 * @param ready whether it became ready
	 * @param successorPid its process id
	 * @param millis the time until it was ready, or failed
	 * @param reason why it did not become ready
	 * @param detail its last message or output, unless it became ready
	 */
	public record BootDescriptor(boolean ready, @Nullable Long successorPid, long millis, @Nullable String reason,
			@Nullable String detail) {

		private static BootDescriptor of(DryRunReport.Boot boot, boolean shown) {
			return new BootDescriptor(boot.ready(), boot.successorPid(), boot.duration().toMillis(), boot.reason(),
					Detail.of(boot.detail(), shown));
		}

	}

}
