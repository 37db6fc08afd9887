package io.github.gracefulrestart;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What happened in one restart.
 *
 * @param trigger what asked for it, such as {@code signal USR2} or {@code endpoint}
 * @param outcome how it ended
 * @param reason why it ended so, or {@code null} if it completed
 * @param detail what the successor said or wrote, or {@code null} if there is nothing
 * @param generation the generation of the successor
 * @param predecessorPid the process that was asked
 * @param successorPid the process that was launched, or {@code null} if none was
 * @param startedAt when it was asked for
 * @param phases the phases with their durations, in order
 * @param drained what became of the predecessor's connections
 * @param handoverGap the time between the last connection that the predecessor took and
 * the first that the successor took, negative if they overlapped, or {@code null} if that
 * is not known
 * @param launched what the successor was started from, or {@code null} if that is not
 * known
 * @since 0.1.0
 */
public record RestartReport(String trigger, RestartOutcome outcome, @Nullable String reason, @Nullable String detail,
		int generation, long predecessorPid, @Nullable Long successorPid, Instant startedAt, List<Phase> phases,
		DrainSummary drained, @Nullable Duration handoverGap, @Nullable LaunchedFiles launched) {

	/**
	 * Create a report of which it is not known what the successor was started from.
	 * @param trigger what asked for it
	 * @param outcome how it ended
	 * @param reason why it ended so, or {@code null} if it completed
	 * @param detail what the successor said or wrote, or {@code null} if there is nothing
	 * @param generation the generation of the successor
	 * @param predecessorPid the process that was asked
	 * @param successorPid the process that was launched, or {@code null} if none was
	 * @param startedAt when it was asked for
	 * @param phases the phases with their durations, in order
	 * @param drained what became of the predecessor's connections
	 * @param handoverGap the time between the last connection that the predecessor took
	 * and the first that the successor took, or {@code null} if that is not known
	 */
	public RestartReport(String trigger, RestartOutcome outcome, @Nullable String reason, @Nullable String detail,
			int generation, long predecessorPid, @Nullable Long successorPid, Instant startedAt, List<Phase> phases,
			DrainSummary drained, @Nullable Duration handoverGap) {
		this(trigger, outcome, reason, detail, generation, predecessorPid, successorPid, startedAt, phases, drained,
				handoverGap, null);
	}

	/**
	 * Return how long the restart took in all.
	 * @return the sum of the phases
	 */
	public Duration duration() {
		return this.phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Return how long a phase took.
	 * @param phase the phase
	 * @return its duration, or {@code null} if it was not reached
	 */
	public @Nullable Duration duration(RestartPhase phase) {
		return this.phases.stream()
			.filter((candidate) -> candidate.name().equals(phase.label()))
			.map(Phase::duration)
			.findFirst()
			.orElse(null);
	}

	/**
	 * One phase of a restart.
	 *
	 * @param name the label of the phase
	 * @param duration how long it took
	 */
	public record Phase(String name, Duration duration) {

	}

}
