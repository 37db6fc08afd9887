package io.github.gracefulrestart.actuate;

import java.util.List;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightResult;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint {@code reload} answers to somebody who asks for a dry run.
 *
 * @param message what a restart would come to
 * @param passed whether nothing stands in the way
 * @param generation the generation of this process, which goes on to serve
 * @param pid this process
 * @param checks what was looked at before anything was launched
 * @param boot what became of the successor, if one was launched
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
	 * A successor that was launched and ended.
	 *
	 * @param ready whether it became ready
	 * @param successorPid its process id
	 * @param millis the time until it was ready, or failed
	 * @param reason why it did not become ready
	 * @param detail what it said or wrote last, unless it became ready
	 */
	public record BootDescriptor(boolean ready, @Nullable Long successorPid, long millis, @Nullable String reason,
			@Nullable String detail) {

		private static BootDescriptor of(DryRunReport.Boot boot, boolean shown) {
			return new BootDescriptor(boot.ready(), boot.successorPid(), boot.duration().toMillis(), boot.reason(),
					Detail.of(boot.detail(), shown));
		}

	}

}
