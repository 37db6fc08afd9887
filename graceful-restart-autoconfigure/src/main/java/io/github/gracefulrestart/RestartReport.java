package io.github.gracefulrestart;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What happened in one restart.
 *
 * @since 0.1.0
 */
public final class RestartReport {

	private final Builder facts;

	private RestartReport(Builder facts) {
		this.facts = facts;
	}

	/**
	 * Begin a report, for tests of code that reads reports.
	 * @param trigger the trigger of the restart
	 * @param outcome how it ended
	 * @return a builder with defaults: a restart of a first generation, this process,
	 * now, without phases and connections
	 */
	public static Builder of(String trigger, RestartOutcome outcome) {
		return new Builder(trigger, outcome);
	}

	/**
	 * Return the trigger of the restart, such as {@code signal USR2} or {@code endpoint}.
	 * @return the trigger
	 */
	public String trigger() {
		return this.facts.trigger;
	}

	/**
	 * Return how the restart ended.
	 * @return the outcome
	 */
	public RestartOutcome outcome() {
		return this.facts.outcome;
	}

	/**
	 * Return why the restart did not complete.
	 * @return the reason, or {@code null} if it completed
	 */
	public @Nullable String reason() {
		return this.facts.reason;
	}

	/**
	 * Return the last message or output of the successor.
	 * @return the text, possibly of many lines, or {@code null} if there is nothing
	 */
	public @Nullable String detail() {
		return this.facts.detail;
	}

	/**
	 * Return the generation of the successor.
	 * @return the generation, 2 or more
	 */
	public int generation() {
		return this.facts.generation;
	}

	/**
	 * Return the predecessor, which was asked to restart.
	 * @return its process id
	 */
	public long predecessorPid() {
		return this.facts.predecessorPid;
	}

	/**
	 * Return the successor, which was launched.
	 * @return its process id, or {@code null} if none was
	 */
	public @Nullable Long successorPid() {
		return this.facts.successorPid;
	}

	/**
	 * Return when the restart was requested.
	 * @return the time
	 */
	public Instant startedAt() {
		return this.facts.startedAt;
	}

	/**
	 * Return the phases with their durations.
	 * @return the phases in order
	 */
	public List<Phase> phases() {
		return this.facts.phases;
	}

	/**
	 * Return what happened to the predecessor's connections.
	 * @return how many met which fate
	 */
	public DrainSummary drained() {
		return this.facts.drained;
	}

	/**
	 * Return the time between the last connection that the predecessor took and the first
	 * that the successor took.
	 * @return the time, negative if they overlapped, or {@code null} if it is not known
	 */
	public @Nullable Duration handoverGap() {
		return this.facts.handoverGap;
	}

	/**
	 * Return the files that the successor was started from.
	 * @return the files, or {@code null} if they are not known
	 */
	public @Nullable LaunchedFiles launched() {
		return this.facts.launched;
	}

	/**
	 * Return how long the restart took in all.
	 * @return the sum of the phases
	 */
	public Duration duration() {
		return phases().stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Return how long a phase took.
	 * @param phase the phase
	 * @return its duration, or {@code null} if it was not reached
	 */
	public @Nullable Duration duration(RestartPhase phase) {
		return phases().stream()
			.filter((candidate) -> candidate.name().equals(phase.label()))
			.map(Phase::duration)
			.findFirst()
			.orElse(null);
	}

	@Override
	public String toString() {
		return "restart to generation " + generation() + " requested by " + trigger() + ": " + outcome().label()
				+ ((reason() != null) ? ", because " + reason() : "");
	}

	/**
	 * One phase of a restart.
	 *
	 * @param name the label of the phase
	 * @param duration how long it took
	 */
	public record Phase(String name, Duration duration) {

	}

	/**
	 * Builds a report.
	 */
	public static final class Builder {

		private final String trigger;

		private final RestartOutcome outcome;

		private @Nullable String reason;

		private @Nullable String detail;

		private int generation = 2;

		private long predecessorPid = ProcessHandle.current().pid();

		private @Nullable Long successorPid;

		private Instant startedAt = Instant.now();

		private List<Phase> phases = List.of();

		private DrainSummary drained = DrainSummary.NONE;

		private @Nullable Duration handoverGap;

		private @Nullable LaunchedFiles launched;

		private Builder(String trigger, RestartOutcome outcome) {
			this.trigger = trigger;
			this.outcome = outcome;
		}

		private Builder(Builder other) {
			this(other.trigger, other.outcome);
			this.reason = other.reason;
			this.detail = other.detail;
			this.generation = other.generation;
			this.predecessorPid = other.predecessorPid;
			this.successorPid = other.successorPid;
			this.startedAt = other.startedAt;
			this.phases = List.copyOf(other.phases);
			this.drained = other.drained;
			this.handoverGap = other.handoverGap;
			this.launched = other.launched;
		}

		/**
		 * Set why the restart did not complete.
		 * @param why the reason, or {@code null} if it completed
		 * @param output the last message or output of the successor, or {@code null} if
		 * there is none
		 * @return this
		 */
		public Builder because(@Nullable String why, @Nullable String output) {
			this.reason = why;
			this.detail = output;
			return this;
		}

		/**
		 * Set the generation of the successor.
		 * @param number the generation
		 * @return this
		 */
		public Builder generation(int number) {
			this.generation = number;
			return this;
		}

		/**
		 * Set the predecessor, which was asked to restart.
		 * @param pid its process id
		 * @return this
		 */
		public Builder predecessorPid(long pid) {
			this.predecessorPid = pid;
			return this;
		}

		/**
		 * Set the successor, which was launched.
		 * @param pid its process id, or {@code null} if none was
		 * @return this
		 */
		public Builder successorPid(@Nullable Long pid) {
			this.successorPid = pid;
			return this;
		}

		/**
		 * Set when the restart was requested.
		 * @param time the time
		 * @return this
		 */
		public Builder startedAt(Instant time) {
			this.startedAt = time;
			return this;
		}

		/**
		 * Set how long the phases took.
		 * @param durations the phases with their durations, in order
		 * @return this
		 */
		public Builder phases(List<Phase> durations) {
			this.phases = durations;
			return this;
		}

		/**
		 * Set what happened to the predecessor's connections.
		 * @param summary how many met which fate
		 * @return this
		 */
		public Builder drained(DrainSummary summary) {
			this.drained = summary;
			return this;
		}

		/**
		 * Set the handover gap.
		 * @param gap the time between the last connection that the predecessor took and
		 * the first that the successor took, negative if they overlapped, or {@code null}
		 * if it is not known
		 * @return this
		 */
		public Builder handoverGap(@Nullable Duration gap) {
			this.handoverGap = gap;
			return this;
		}

		/**
		 * Set the files that the successor was started from.
		 * @param files the files, or {@code null} if they are not known
		 * @return this
		 */
		public Builder launched(@Nullable LaunchedFiles files) {
			this.launched = files;
			return this;
		}

		/**
		 * Return the report.
		 * @return the report, which is immutable
		 */
		public RestartReport build() {
			return new RestartReport(new Builder(this));
		}

	}

}
