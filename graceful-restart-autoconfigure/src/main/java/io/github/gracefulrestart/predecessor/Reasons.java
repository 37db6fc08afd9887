package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.util.Set;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Disconnected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Exited;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Misunderstood;
import io.github.gracefulrestart.process.SuccessorProcess;
import io.github.gracefulrestart.state.RestartState;

/**
 * Describes the events of a successor in words.
 */
final class Reasons {

	/**
	 * The exit codes of a JVM because of SIGINT or SIGTERM.
	 */
	private static final Set<Integer> TOLD_TO_STOP = Set.of(128 + 2, 128 + 15);

	private final SuccessorProcess successor;

	private final RestartState state;

	private final PortsInUse ports;

	/**
	 * Create the reasons of one restart.
	 * @param successor the successor
	 * @param state the state of this JVM
	 * @param ports the sockets that this process listens on
	 */
	Reasons(SuccessorProcess successor, RestartState state, PortsInUse ports) {
		this.successor = successor;
		this.state = state;
		this.ports = ports;
	}

	String exited(Exited exited) {
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

	String failed(Failed failed) {
		return named() + " failed to start: " + failed.reason()
				+ this.ports.explain(failed.reason() + "\n" + failed.detail());
	}

	String requestedRollback(TakeBack request) {
		return named() + " requested a rollback: " + request.reason();
	}

	String misunderstood(Misunderstood misunderstood) {
		return named() + " violated the control protocol: " + misunderstood.reason();
	}

	String wrongTime(Message message) {
		return named() + " sent " + message.type() + " at the wrong time";
	}

	String disconnected(Disconnected disconnected) {
		return named() + " " + disconnected.reason();
	}

	String broken(Exception failure) {
		return "the control connection to the " + named() + " broke: " + failure.getMessage();
	}

	String late(String missing, Duration limit) {
		return named() + " " + missing + " within " + limit.toMillis() + " ms";
	}

	String silent(Duration limit) {
		return named() + " has not responded for " + limit.toMillis() + " ms, but is still running";
	}

	String shutDown(Exited exited) {
		return named() + " was asked to shut down while it was serving (exit code " + exited.status() + ")";
	}

	/**
	 * Return the reason for a successor that no longer serves, but has not exited.
	 * @param wanted whether the application was asked to shut down
	 * @param limit the time that it had
	 */
	String lingers(boolean wanted, Duration limit) {
		return named() + (wanted ? " was asked to shut down" : " closed its application context")
				+ " while it was serving, but did not exit within " + limit.toMillis() + " ms";
	}

	private String named() {
		return (this.successor.isStartedByCommand() && this.state.phase() == RestartPhase.LAUNCHING)
				? "the program of graceful.restart.launch.command (pid " + this.successor.pid() + ")"
				: "successor (pid " + this.successor.pid() + ")";
	}

}
