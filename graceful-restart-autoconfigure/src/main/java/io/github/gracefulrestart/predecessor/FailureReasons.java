package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.util.Set;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Stopping;
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
 * Says of an event that ends a restart why it does, as well as that can be found out.
 */
final class FailureReasons {

	/**
	 * What a JVM exits with because of SIGINT or SIGTERM.
	 */
	private static final Set<Integer> TOLD_TO_STOP = Set.of(128 + 2, 128 + 15);

	/**
	 * What an application exits with that was asked to shut down, unless it fails to:
	 * also with SIGKILL, from somebody who lost patience.
	 */
	private static final Set<Integer> SHUT_DOWN = Set.of(0, 128 + 2, 128 + 15, 128 + 9,
			SuccessorProcess.UNKNOWN_STATUS);

	/**
	 * For what a process that has ended may have said before.
	 */
	private static final Duration LAST_WORDS = Duration.ofSeconds(1);

	private final SuccessorEvents events;

	private final SuccessorProcess successor;

	private final RestartState state;

	private final Duration patience;

	private final PortsInUse ports;

	/**
	 * Create the reasons of one restart.
	 * @param events what else happens
	 * @param successor the successor
	 * @param state the state of this JVM
	 * @param patience time allowed for an ending successor to say why
	 * @param ports knows what this process listens on
	 */
	FailureReasons(SuccessorEvents events, SuccessorProcess successor, RestartState state, Duration patience,
			PortsInUse ports) {
		this.events = events;
		this.successor = successor;
		this.state = state;
		this.patience = patience;
		this.ports = ports;
	}

	/**
	 * Return why a restart ends with an event that was not expected.
	 * @param event the event
	 * @return the reason, or {@code null} if the restart goes on
	 * @throws RestartFailedException if the restart's thread was interrupted
	 */
	@Nullable RestartFailedException of(SuccessorEvent event) throws RestartFailedException {
		if (event instanceof StopRequested) {
			return RestartFailedException.stopped();
		}
		if (event instanceof Exited exited) {
			return exited(exited);
		}
		if (event instanceof Misunderstood misunderstood) {
			return misunderstood(notUnderstood(misunderstood));
		}
		if (event instanceof Disconnected disconnected) {
			return ending(named() + " " + disconnected.reason());
		}
		if (event instanceof Received received && received.message() instanceof TakeBack takeBack) {
			return because(asked(takeBack));
		}
		if (event instanceof Received received && received.message() instanceof Failed failed) {
			return ending(failedToStart(failed), failed);
		}
		if (event instanceof Received received) {
			return because(named() + " sent " + received.message().type() + " at the wrong time");
		}
		return (event instanceof Connected) ? null : because(named() + " did something unexpected: " + event);
	}

	/**
	 * Return the reason if something was waited for in vain.
	 * @param missing what the successor did not do
	 * @param limit the time that it had
	 * @return the reason
	 */
	RestartFailedException late(String missing, Duration limit) {
		return because(named() + " " + missing + " within " + limit.toMillis() + " ms");
	}

	/**
	 * Return the reason if a successor that serves has not answered.
	 * @param limit the time that it had
	 * @return the reason
	 */
	RestartFailedException silent(Duration limit) {
		return because(named() + " has not responded for " + limit.toMillis() + " ms, but is still running");
	}

	/**
	 * Return the reason if a successor that serves is about to end in order. Whether it
	 * has failed shows in its exit status only, so that this method waits for it.
	 * @param wanted whether the application was asked to shut down
	 * @param limit the time that it has
	 * @return the reason
	 * @throws RestartFailedException if the restart's thread was interrupted
	 */
	RestartFailedException stopping(boolean wanted, Duration limit) throws RestartFailedException {
		long deadline = this.events.clock().deadline(limit);
		while (true) {
			SuccessorEvent event = this.events.poll(this.events.clock().until(deadline));
			if (event instanceof StopRequested) {
				return RestartFailedException.stopped();
			}
			if (event instanceof Exited exited) {
				return exited(exited, wanted);
			}
			if (event == null && wanted) {
				return RestartFailedException
					.successorStopped(named() + " was asked to shut down while it was serving, but did not exit within "
							+ limit.toMillis() + " ms");
			}
			if (event == null) {
				return because(
						named() + " closed its application context while it was serving, but did not exit within "
								+ limit.toMillis() + " ms");
			}
		}
	}

	/**
	 * Return the reason if the control connection broke.
	 * @param failure how it broke
	 * @return the reason
	 * @throws RestartFailedException if the restart's thread was interrupted
	 */
	RestartFailedException broken(Exception failure) throws RestartFailedException {
		return ending("the control connection to the " + named() + " broke: " + failure.getMessage());
	}

	/**
	 * One that was refused at the door ends by itself, and says why.
	 */
	private RestartFailedException misunderstood(String reason) throws RestartFailedException {
		if (this.state.phase() == RestartPhase.LAUNCHING) {
			RestartFailedException ending = ending(reason);
			return (ending.kind() == RestartFailedException.Kind.STOPPED) ? ending : because(reason);
		}
		return because(reason);
	}

	private RestartFailedException ending(String firstSign) throws RestartFailedException {
		return ending(firstSign, null);
	}

	/**
	 * The successor has ended or is about to: what it still says, and its exit status,
	 * tell more than the first sign.
	 */
	private RestartFailedException ending(String firstSign, @Nullable Failed first) throws RestartFailedException {
		long deadline = this.events.clock().deadline(this.patience);
		String reason = firstSign;
		String detail = (first != null) ? first.detail() : null;
		while (true) {
			SuccessorEvent event = this.events.poll(this.events.clock().until(deadline));
			if (event instanceof StopRequested) {
				return RestartFailedException.stopped();
			}
			if (event instanceof Received received && received.message() instanceof Failed failed) {
				reason = failedToStart(failed);
				detail = failed.detail();
			}
			else if (detail == null && event instanceof Received received
					&& received.message() instanceof TakeBack takeBack) {
				return because(asked(takeBack));
			}
			else if (detail == null && event instanceof Disconnected disconnected) {
				reason = named() + " " + disconnected.reason();
			}
			else if (detail == null && event instanceof Misunderstood misunderstood) {
				reason = notUnderstood(misunderstood);
			}
			else if (detail == null && event instanceof Exited exited) {
				return exited(exited);
			}
			else if (event == null || event instanceof Exited) {
				return (detail != null) ? RestartFailedException.because(reason, detail) : because(reason);
			}
		}
	}

	/**
	 * The end of a process is noticed by one thread, and what it has said before is read
	 * by another, which may be later: an order to stop must not be lost between the two.
	 */
	private RestartFailedException exited(Exited exited) throws RestartFailedException {
		boolean wanted = false;
		long deadline = System.nanoTime() + LAST_WORDS.toNanos();
		boolean more = this.events.connection() != null;
		while (more) {
			SuccessorEvent event = this.events.poll(Duration.ofNanos(deadline - System.nanoTime()));
			if (event instanceof StopRequested) {
				return RestartFailedException.stopped();
			}
			if (event instanceof Received received && received.message() instanceof Stopping stopping) {
				wanted = stopping.wanted() && hasServed();
			}
			more = event instanceof Received;
		}
		return exited(exited, wanted);
	}

	private RestartFailedException exited(Exited exited, boolean wanted) {
		return (wanted && SHUT_DOWN.contains(exited.status()))
				? RestartFailedException.successorStopped(
						named() + " was asked to shut down while it was serving (exit code " + exited.status() + ")")
				: because(exit(exited));
	}

	private RestartFailedException because(String reason) {
		return RestartFailedException.because(reason, this.successor.outputTail());
	}

	private String failedToStart(Failed failed) {
		return named() + " failed to start: " + failed.reason()
				+ this.ports.explain(failed.reason() + "\n" + failed.detail());
	}

	private String exit(Exited exited) {
		String when = switch (this.state.phase()) {
			case HANDING_OVER -> "before it served";
			case DRAINING, PROBATION -> "after it had begun to serve";
			default -> "before it was ready";
		};
		if (exited.status() == SuccessorProcess.UNKNOWN_STATUS) {
			return named() + " ended " + when + "; only the process that started it knows its exit code";
		}
		return named() + (TOLD_TO_STOP.contains(exited.status())
				? " was told to stop (exit code " + exited.status() + ")" : " exited with code " + exited.status())
				+ " " + when;
	}

	private boolean hasServed() {
		return this.state.phase() == RestartPhase.DRAINING || this.state.phase() == RestartPhase.PROBATION;
	}

	private String asked(TakeBack takeBack) {
		return named() + " requested a rollback: " + takeBack.reason();
	}

	private String notUnderstood(Misunderstood misunderstood) {
		return named() + " violated the control protocol: " + misunderstood.reason();
	}

	private String named() {
		return (this.successor.isStartedByCommand() && this.state.phase() == RestartPhase.LAUNCHING)
				? "the program of graceful.restart.launch.command (pid " + this.successor.pid() + ")"
				: "successor (pid " + this.successor.pid() + ")";
	}

}
