package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.util.Set;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Connected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Disconnected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Exited;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Misunderstood;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.predecessor.SuccessorEvent.StopRequested;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.RestartState;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a restart ends, waiting for what tells more than its first sign.
 */
final class Endings {

	/**
	 * What an application exits with that was asked to shut down, unless it fails to:
	 * also with SIGKILL, from somebody who lost patience.
	 */
	private static final Set<Integer> SHUT_DOWN = Set.of(0, 128 + 2, 128 + 15, 128 + 9,
			SuccessorProcess.UNKNOWN_STATUS);

	private final SuccessorEvents events;

	private final SuccessorProcess successor;

	private final RestartState state;

	private final Duration patience;

	private final Reasons reasons;

	/**
	 * Create the endings of one restart.
	 * @param events what else happens
	 * @param successor the successor
	 * @param state the state of this JVM
	 * @param patience time allowed for an ending successor to say why
	 * @param ports knows what this process listens on
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
			return failed(this.reasons.exited(exited));
		}
		if (event instanceof Misunderstood misunderstood) {
			return misunderstood(this.reasons.misunderstood(misunderstood));
		}
		if (event instanceof Disconnected disconnected) {
			return lastWords(this.reasons.disconnected(disconnected), null);
		}
		if (event instanceof Received received && received.message() instanceof TakeBack request) {
			return failed(this.reasons.requestedRollback(request));
		}
		if (event instanceof Received received && received.message() instanceof Failed failed) {
			return lastWords(this.reasons.failed(failed), failed);
		}
		if (event instanceof Received received) {
			return failed(this.reasons.wrongTime(received.message()));
		}
		return (event instanceof Connected) ? null : failed(this.reasons.unexpected(event));
	}

	/**
	 * Return the ending if something was waited for in vain.
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
	 * Return the ending if a successor that serves is about to end in order. Whether it
	 * has failed shows in its exit status only, so that this method waits for it.
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
				return (wanted && SHUT_DOWN.contains(exited.status()))
						? new Ending.ShutDown(this.reasons.shutDown(exited)) : failed(this.reasons.exited(exited));
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
	 * One that was refused at the door ends by itself, and says why.
	 */
	private Ending misunderstood(String reason) throws RestartEndedException {
		if (this.state.phase() == RestartPhase.LAUNCHING) {
			Ending ending = lastWords(reason, null);
			return (ending instanceof Ending.Stopped) ? ending : failed(reason);
		}
		return failed(reason);
	}

	/**
	 * The successor has ended or is about to: what it still says, and its exit status,
	 * tell more than the first sign.
	 */
	private Ending lastWords(String firstSign, @Nullable Failed first) throws RestartEndedException {
		long deadline = this.events.clock().deadline(this.patience);
		String reason = firstSign;
		String detail = (first != null) ? first.detail() : null;
		while (true) {
			SuccessorEvent event = this.events.poll(this.events.clock().until(deadline));
			if (event instanceof StopRequested) {
				return new Ending.Stopped();
			}
			if (event instanceof Received received && received.message() instanceof Failed failed) {
				reason = this.reasons.failed(failed);
				detail = failed.detail();
			}
			else if (detail == null && event instanceof Received received
					&& received.message() instanceof TakeBack request) {
				return failed(this.reasons.requestedRollback(request));
			}
			else if (detail == null && event instanceof Disconnected disconnected) {
				reason = this.reasons.disconnected(disconnected);
			}
			else if (detail == null && event instanceof Misunderstood misunderstood) {
				reason = this.reasons.misunderstood(misunderstood);
			}
			else if (detail == null && event instanceof Exited exited) {
				return failed(this.reasons.exited(exited));
			}
			else if (event == null || event instanceof Exited) {
				return (detail != null) ? new Ending.Failed(reason, detail) : failed(reason);
			}
		}
	}

	private Ending failed(String reason) {
		return new Ending.Failed(reason, this.successor.outputTail());
	}

}
