package io.github.gracefulrestart.successor;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.ReportEntries;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.state.RestartLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The report that a predecessor has sent before it exits, or the known facts if it has
 * not sent one.
 */
final class PredecessorReport {

	private static final Log logger = RestartLog.LOG;

	private final Listeners listeners;

	private final int generation;

	private final long predecessorPid;

	private final long startedAt = System.nanoTime();

	private @Nullable Map<String, String> received;

	/**
	 * Create a report that is read when the restart has ended.
	 * @param listeners the listeners of this JVM
	 * @param generation the generation of this JVM
	 * @param predecessorPid the process id of the predecessor
	 */
	PredecessorReport(Listeners listeners, int generation, long predecessorPid) {
		this.listeners = listeners;
		this.generation = generation;
		this.predecessorPid = predecessorPid;
	}

	/**
	 * Keep the report of the predecessor.
	 * @param entries its report
	 */
	void received(Map<String, String> entries) {
		this.received = entries;
	}

	/**
	 * Read the report of the predecessor, which may have another version of this library.
	 */
	RestartReport read() {
		Map<String, String> entries = this.received;
		if (entries == null) {
			return unreported("the predecessor died before it could report");
		}
		try {
			return ReportEntries.read(entries, handoverGap(entries));
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			logger.warn("Cannot read the report of the predecessor: " + ex.getMessage());
			return unreported("the report of the predecessor cannot be read: " + ex.getMessage());
		}
	}

	private @Nullable Duration handoverGap(Map<String, String> received) {
		long last = Long.parseLong(received.getOrDefault(ReportEntries.LAST_ACCEPTED_AT, "0"));
		long first = this.listeners.all()
			.stream()
			.mapToLong((listener) -> listener.gate().firstAcceptedAt())
			.filter((instant) -> instant != 0)
			.min()
			.orElse(0);
		return (last != 0 && first != 0) ? Duration.ofNanos(first - last) : null;
	}

	private RestartReport unreported(String reason) {
		Duration duration = Duration.ofNanos(System.nanoTime() - this.startedAt);
		return RestartReport.of("unknown", RestartOutcome.COMPLETED)
			.because(reason, null)
			.generation(this.generation)
			.predecessorPid(this.predecessorPid)
			.successorPid(ProcessHandle.current().pid())
			.startedAt(Instant.now().minus(duration))
			.phases(List.of(new RestartReport.Phase(RestartPhase.INHERITING.label(), duration)))
			.build();
	}

	/**
	 * Return the time within which the predecessor exits.
	 * @param otherwise the time if the report does not contain it
	 */
	Duration endsWithin(Duration otherwise) {
		try {
			String millis = (this.received != null) ? this.received.get(ReportEntries.ENDS_WITHIN) : null;
			return (millis != null) ? Duration.ofMillis(Long.parseLong(millis)) : otherwise;
		}
		catch (NumberFormatException ex) {
			return otherwise;
		}
	}

}
