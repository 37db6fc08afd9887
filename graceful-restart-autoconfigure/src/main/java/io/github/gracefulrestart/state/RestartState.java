package io.github.gracefulrestart.state;

import java.time.Duration;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartReport;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The phase that this JVM is in, and the facts about restarts that are kept. Phases
 * change only by legal transitions, one after another.
 */
public final class RestartState {

	private final RestartEvents events;

	private final Participants participants = new Participants();

	private final int generation;

	private RestartPhase phase;

	private volatile @Nullable Long predecessorPid;

	private volatile @Nullable Long successorPid;

	private volatile @Nullable RestartReport lastReport;

	private volatile long probationEnd = System.nanoTime();

	private volatile boolean stopPassedOn;

	public RestartState(RestartPhase initial, int generation, @Nullable Long predecessorPid,
			ApplicationEventPublisher events) {
		this.phase = initial;
		this.generation = generation;
		this.predecessorPid = predecessorPid;
		this.events = new RestartEvents(events);
	}

	/**
	 * Return the participants of restarts of this JVM.
	 * @return the participants, none until they have been set
	 */
	public Participants participants() {
		return this.participants;
	}

	public int generation() {
		return this.generation;
	}

	public synchronized RestartPhase phase() {
		return this.phase;
	}

	/**
	 * Make a move if this JVM is in the expected phase.
	 * @param expected the phase
	 * @param target the phase to move to
	 * @return the phase before, which is the expected one if the move was made
	 */
	public RestartPhase moveFrom(RestartPhase expected, RestartPhase target) {
		synchronized (this) {
			if (this.phase != expected) {
				return this.phase;
			}
			this.phase = target;
		}
		publish(new RestartPhaseEvent(this, expected, target));
		return expected;
	}

	public void move(RestartPhase target) {
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
	public void leave() {
		RestartPhase previous = phase();
		while (previous != RestartPhase.LEAVING) {
			previous = (moveFrom(previous, RestartPhase.LEAVING) == previous) ? RestartPhase.LEAVING : phase();
		}
	}

	/**
	 * Move back to serving from any phase of a restart, unless this JVM leaves.
	 */
	public void serve() {
		RestartPhase previous = phase();
		while (previous.next().contains(RestartPhase.SERVING)) {
			previous = (moveFrom(previous, RestartPhase.SERVING) == previous) ? RestartPhase.SERVING : phase();
		}
	}

	/**
	 * Tell participants, and publish an event on a thread of its own, see
	 * {@link RestartEvents}.
	 * @param event the event
	 */
	public void publish(ApplicationEvent event) {
		LastResort.attempt("Telling participants", () -> this.participants.published(event));
		this.events.publish(event);
	}

	/**
	 * Wait until all events have been published.
	 * @param patience for how long at most, because a listener may take any time
	 */
	public void awaitEvents(Duration patience) {
		this.events.await(patience);
	}

	public @Nullable Long predecessorPid() {
		return this.predecessorPid;
	}

	public void predecessorGone() {
		this.predecessorPid = null;
	}

	/**
	 * Note that the predecessor of this JVM stays for a while and can roll back.
	 * @param end when that is over, on the clock of {@link System#nanoTime()}
	 */
	public void onProbationUntil(long end) {
		this.probationEnd = end;
	}

	/**
	 * Return for how long this JVM is still on probation.
	 * @return the time, zero if it is not
	 */
	public Duration probationLeft() {
		return Duration.ofNanos(Math.max(0, this.probationEnd - System.nanoTime()));
	}

	public @Nullable Long successorPid() {
		return this.successorPid;
	}

	public void successorPid(@Nullable Long pid) {
		this.successorPid = pid;
	}

	public @Nullable RestartReport lastReport() {
		return this.lastReport;
	}

	/**
	 * Keep the report, so that it can be requested before it is published.
	 * @param report what happened
	 */
	public void keep(RestartReport report) {
		this.lastReport = report;
	}

	public void ended(RestartReport report) {
		keep(report);
		publish(new RestartEndedEvent(this, report));
	}

	/**
	 * An order to stop has reached this process while it exits, and is passed on to the
	 * successor, which ends because of it.
	 */
	public void stopPassedOn() {
		this.stopPassedOn = true;
	}

	/**
	 * Return whether an order to stop was passed on.
	 * @return whether the end of the successor is what was ordered
	 */
	public boolean isStopPassedOn() {
		return this.stopPassedOn;
	}

}
