package io.github.gracefulrestart.restart;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The phase that this JVM is in, and all that is remembered about restarts. Only legal
 * moves are made, one after the other.
 */
final class RestartState {

	private final RestartEvents events;

	private final int generation;

	private RestartPhase phase;

	private volatile @Nullable Long predecessorPid;

	private volatile @Nullable Long successorPid;

	private volatile @Nullable RestartReport lastReport;

	private volatile long probationEnd = System.nanoTime();

	RestartState(RestartPhase initial, int generation, @Nullable Long predecessorPid,
			ApplicationEventPublisher events) {
		this.phase = initial;
		this.generation = generation;
		this.predecessorPid = predecessorPid;
		this.events = new RestartEvents(events);
	}

	int generation() {
		return this.generation;
	}

	synchronized RestartPhase phase() {
		return this.phase;
	}

	/**
	 * Make a move if this JVM is in the expected phase.
	 * @return the phase before, which is the expected one if the move was made
	 */
	RestartPhase moveFrom(RestartPhase expected, RestartPhase target) {
		synchronized (this) {
			if (this.phase != expected) {
				return this.phase;
			}
			this.phase = target;
		}
		publish(new RestartPhaseEvent(this, expected, target));
		return expected;
	}

	void move(RestartPhase target) {
		RestartPhase previous;
		synchronized (this) {
			previous = this.phase;
			if (!previous.next().contains(target)) {
				throw new IllegalStateException("no way from " + previous + " to " + target);
			}
			this.phase = target;
		}
		publish(new RestartPhaseEvent(this, previous, target));
	}

	/**
	 * Move to the last phase from wherever this JVM is.
	 */
	void leave() {
		RestartPhase previous = phase();
		while (previous != RestartPhase.LEAVING) {
			previous = (moveFrom(previous, RestartPhase.LEAVING) == previous) ? RestartPhase.LEAVING : phase();
		}
	}

	/**
	 * Move back to serving from wherever a restart has come to, unless this JVM leaves.
	 */
	void serve() {
		RestartPhase previous = phase();
		while (previous.next().contains(RestartPhase.SERVING)) {
			previous = (moveFrom(previous, RestartPhase.SERVING) == previous) ? RestartPhase.SERVING : phase();
		}
	}

	/**
	 * Publish an event on a thread of its own, see {@link RestartEvents}.
	 */
	void publish(ApplicationEvent event) {
		this.events.publish(event);
	}

	/**
	 * Wait until all events have been published.
	 * @param patience for how long at most, because a listener may take any time
	 */
	void awaitEvents(Duration patience) {
		this.events.await(patience);
	}

	@Nullable Long predecessorPid() {
		return this.predecessorPid;
	}

	void predecessorGone() {
		this.predecessorPid = null;
	}

	/**
	 * Note that the predecessor of this JVM stays for a while to take back if it must.
	 * @param end when that is over, on the clock of {@link System#nanoTime()}
	 */
	void onProbationUntil(long end) {
		this.probationEnd = end;
	}

	/**
	 * Return for how long this JVM is still on probation.
	 * @return the time, zero if it is not
	 */
	Duration probationLeft() {
		return Duration.ofNanos(Math.max(0, this.probationEnd - System.nanoTime()));
	}

	@Nullable Long successorPid() {
		return this.successorPid;
	}

	void successorPid(@Nullable Long pid) {
		this.successorPid = pid;
	}

	@Nullable RestartReport lastReport() {
		return this.lastReport;
	}

	void ended(RestartReport report) {
		this.lastReport = report;
		publish(new RestartEndedEvent(this, report));
	}

}
