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
	 * Begin a report, for tests of what reads reports.
	 * @param trigger what asked for the restart
	 * @param outcome how it ended
	 * @return a builder, with which the restart was that of a first generation, in this
	 * process and now, and came to nothing else
	 */
	public static Builder of(String trigger, RestartOutcome outcome) {
		return new Builder(trigger, outcome);
	}

	/**
	 * Return what asked for the restart, such as {@code signal USR2} or {@code endpoint}.
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
	 * Return why it ended so.
	 * @return the reason, or {@code null} if it completed
	 */
	public @Nullable String reason() {
		return this.facts.reason;
	}

	/**
	 * Return what the successor said or wrote.
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
	 * Return the process that was asked.
	 * @return its process id
	 */
	public long predecessorPid() {
		return this.facts.predecessorPid;
	}

	/**
	 * Return the process that was launched.
	 * @return its process id, or {@code null} if none was
	 */
	public @Nullable Long successorPid() {
		return this.facts.successorPid;
	}

	/**
	 * Return when the restart was asked for.
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
	 * Return what became of the predecessor's connections.
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
	 * Return what the successor was started from.
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
	 * Says what happened, fact by fact.
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
		 * Say why it ended so.
		 * @param why the reason, or {@code null} if it completed
		 * @param output what the successor said or wrote, or {@code null} if there is
		 * nothing
		 * @return this
		 */
		public Builder because(@Nullable String why, @Nullable String output) {
			this.reason = why;
			this.detail = output;
			return this;
		}

		/**
		 * Say which generation the successor is.
		 * @param number the generation
		 * @return this
		 */
		public Builder generation(int number) {
			this.generation = number;
			return this;
		}

		/**
		 * Say which process was asked.
		 * @param pid its process id
		 * @return this
		 */
		public Builder predecessorPid(long pid) {
			this.predecessorPid = pid;
			return this;
		}

		/**
		 * Say which process was launched.
		 * @param pid its process id, or {@code null} if none was
		 * @return this
		 */
		public Builder successorPid(@Nullable Long pid) {
			this.successorPid = pid;
			return this;
		}

		/**
		 * Say when it was asked for.
		 * @param time the time
		 * @return this
		 */
		public Builder startedAt(Instant time) {
			this.startedAt = time;
			return this;
		}

		/**
		 * Say how long what took.
		 * @param durations the phases with their durations, in order
		 * @return this
		 */
		public Builder phases(List<Phase> durations) {
			this.phases = durations;
			return this;
		}

		/**
		 * Say what became of the predecessor's connections.
		 * @param summary how many met which fate
		 * @return this
		 */
		public Builder drained(DrainSummary summary) {
			this.drained = summary;
			return this;
		}

		/**
		 * Say how long no process took a connection.
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
		 * Say what the successor was started from.
		 * @param files the files, or {@code null} if they are not known
		 * @return this
		 */
		public Builder launched(@Nullable LaunchedFiles files) {
			this.launched = files;
			return this;
		}

		/**
		 * Return the report.
		 * @return the report, which does not change any more
		 */
		public RestartReport build() {
			return new RestartReport(new Builder(this));
		}

	}

}
