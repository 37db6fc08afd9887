package io.github.gracefulrestart.predecessor;

import java.time.Duration;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Disconnected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Exited;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Misunderstood;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.predecessor.SuccessorEvent.StopRequested;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.RestartState;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a restart ends. Waits for further events that explain more than the first
 * one.
 */
final class Endings {

	/**
	 * How long to wait for messages that a process has sent before its exit.
	 */
	private static final Duration AFTER_EXIT = Duration.ofSeconds(1);

	private final SuccessorEvents events;

	private final SuccessorProcess successor;

	private final RestartState state;

	private final Duration patience;

	private final Reasons reasons;

	/**
	 * Create the endings of one restart.
	 * @param events further events
	 * @param successor the successor
	 * @param state the state of this JVM
	 * @param patience time allowed for a successor that ends to report the reason
	 * @param ports the sockets that this process listens on
	 */
	Endings(SuccessorEvents events, SuccessorProcess successor, RestartState state, Duration patience,
			PortsInUse ports) {
		this.events = events;
		this.successor = successor;
		this.state = state;
		this.patience = patience;
		this.reasons = new Reasons(successor, state, ports);
	}

	/**
	 * Return how a restart ends with an event that was not expected.
	 * @param event the event
	 * @return the ending, or {@code null} if the restart goes on
	 * @throws RestartEndedException if the restart's thread was interrupted
	 */
	@Nullable Ending of(SuccessorEvent event) throws RestartEndedException {
		if (event instanceof StopRequested) {
			return new Ending.Stopped();
		}
		if (event instanceof Exited exited) {
			return lastWords(this.reasons.exited(exited), event);
		}
		if (event instanceof Misunderstood misunderstood) {
			return misunderstood(misunderstood);
		}
		if (event instanceof Disconnected disconnected) {
			return lastWords(this.reasons.disconnected(disconnected), event);
		}
		if (event instanceof Received received && received.message() instanceof TakeBack request) {
			return failed(this.reasons.requestedRollback(request));
		}
		if (event instanceof Received received && received.message() instanceof Failed failed) {
			return lastWords(this.reasons.failed(failed), event);
		}
		if (event instanceof Received received) {
			return failed(this.reasons.wrongTime(received.message()));
		}
		// It has connected, which ends nothing
		return null;
	}

	/**
	 * Return the ending if the successor did not do something in time.
	 * @param missing what the successor did not do
	 * @param limit the time that it had
	 * @return the ending
	 */
	Ending late(String missing, Duration limit) {
		return failed(this.reasons.late(missing, limit));
	}

	/**
	 * Return the ending if a successor that serves has not answered.
	 * @param limit the time that it had
	 * @return the ending
	 */
	Ending silent(Duration limit) {
		return failed(this.reasons.silent(limit));
	}

	/**
	 * Return the ending if a successor that serves is shutting down. Only its exit status
	 * shows whether it has failed, so this method waits for it.
	 * @param wanted whether the application was asked to shut down
	 * @param limit the time that it has
	 * @return the ending
	 * @throws RestartEndedException if the restart's thread was interrupted
	 */
	Ending stopping(boolean wanted, Duration limit) throws RestartEndedException {
		long deadline = this.events.clock().deadline(limit);
		while (true) {
			SuccessorEvent event = this.events.poll(this.events.clock().until(deadline));
			if (event instanceof StopRequested) {
				return new Ending.Stopped();
			}
			if (event instanceof Exited exited) {
				return LastWords.isShutDown(exited, wanted) ? new Ending.ShutDown(this.reasons.shutDown(exited))
						: failed(this.reasons.exited(exited));
			}
			if (event == null) {
				String reason = this.reasons.lingers(wanted, limit);
				return wanted ? new Ending.ShutDown(reason) : failed(reason);
			}
		}
	}

	/**
	 * Return the ending if the control connection broke.
	 * @param failure how it broke
	 * @return the ending
	 * @throws RestartEndedException if the restart's thread was interrupted
	 */
	Ending broken(Exception failure) throws RestartEndedException {
		return lastWords(this.reasons.broken(failure), null);
	}

	/**
	 * A successor that was refused exits by itself, and reports the reason.
	 */
	private Ending misunderstood(Misunderstood misunderstood) throws RestartEndedException {
		String reason = this.reasons.misunderstood(misunderstood);
		if (this.state.phase() == RestartPhase.LAUNCHING) {
			Ending ending = lastWords(reason, misunderstood);
			return (ending instanceof Ending.Stopped) ? ending : failed(reason);
		}
		return failed(reason);
	}

	/**
	 * The successor has ended or is about to.
	 */
	private Ending lastWords(String sign, @Nullable SuccessorEvent first) throws RestartEndedException {
		LastWords words = new LastWords(this.reasons, sign, hasServed(), this.events.connection() != null);
		long deadline = this.events.clock().deadline(this.patience);
		SuccessorEvent event = first;
		while (true) {
			if (event instanceof StopRequested) {
				return new Ending.Stopped();
			}
			if (event != null) {
				words.hear(event);
			}
			if (event instanceof Exited) {
				deadline = Math.min(deadline, this.events.clock().deadline(AFTER_EXIT));
			}
			if (words.isComplete()) {
				return ending(words);
			}
			event = this.events.poll(this.events.clock().until(deadline));
			if (event == null) {
				return ending(words);
			}
		}
	}

	private Ending ending(LastWords words) {
		Exited shutDown = words.shutDown();
		if (shutDown != null) {
			return new Ending.ShutDown(this.reasons.shutDown(shutDown));
		}
		String detail = words.detail();
		return (detail != null) ? new Ending.Failed(words.reason(), detail) : failed(words.reason());
	}

	private boolean hasServed() {
		return this.state.phase() == RestartPhase.DRAINING || this.state.phase() == RestartPhase.PROBATION;
	}

	private Ending failed(String reason) {
		return new Ending.Failed(reason, this.successor.outputTail());
	}

}
