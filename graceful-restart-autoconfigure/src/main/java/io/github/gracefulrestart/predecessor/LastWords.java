package io.github.gracefulrestart.predecessor;

import java.util.Set;

import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Disconnected;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Exited;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Misunderstood;
import io.github.gracefulrestart.predecessor.SuccessorEvent.Received;
import io.github.gracefulrestart.process.SuccessorProcess;
import org.jspecify.annotations.Nullable;

/**
 * Collects the events of a successor that has ended or is about to. The first event often
 * explains least: one thread notices the exit, while another one, perhaps later, reads
 * the messages that were sent before.
 */
final class LastWords {

	/**
	 * The exit codes of an application that was asked to shut down and has not failed.
	 * SIGKILL is included, because an operator may not wait any longer.
	 */
	private static final Set<Integer> SHUT_DOWN = Set.of(0, 128 + 2, 128 + 15, 128 + 9,
			SuccessorProcess.UNKNOWN_STATUS);

	private final Reasons reasons;

	private final boolean served;

	private String sign;

	private boolean heard;

	private @Nullable Failed failed;

	private @Nullable TakeBack request;

	private @Nullable Exited exited;

	private boolean wanted;

	/**
	 * Begin to listen.
	 * @param reasons describes events
	 * @param sign the description of the first event
	 * @param served whether the successor has served
	 * @param connected whether there is a connection by which further messages may arrive
	 */
	LastWords(Reasons reasons, String sign, boolean served, boolean connected) {
		this.reasons = reasons;
		this.sign = sign;
		this.served = served;
		this.heard = !connected;
	}

	/**
	 * Add an event.
	 * @param event the message or the action of the successor
	 */
	void hear(SuccessorEvent event) {
		if (event instanceof Received received) {
			hear(received.message());
		}
		else if (event instanceof Disconnected disconnected) {
			this.sign = this.reasons.disconnected(disconnected);
			this.heard = true;
		}
		else if (event instanceof Misunderstood misunderstood) {
			this.sign = this.reasons.misunderstood(misunderstood);
			this.heard = true;
		}
		else if (event instanceof Exited exit) {
			this.exited = exit;
		}
	}

	private void hear(Message message) {
		if (message instanceof Failed failure) {
			this.failed = failure;
		}
		else if (message instanceof TakeBack takeBack) {
			this.request = takeBack;
		}
		else if (message instanceof Stopping stopping) {
			this.wanted = stopping.wanted() && this.served;
		}
	}

	/**
	 * Return whether all relevant events have arrived.
	 */
	boolean isComplete() {
		return (this.failed == null) ? this.request != null || (this.heard && this.exited != null)
				: this.exited != null;
	}

	/**
	 * Return the exit if it is that of an application that was asked to shut down.
	 */
	@Nullable Exited shutDown() {
		Exited exit = this.exited;
		return (exit != null && isShutDown(exit, this.wanted)) ? exit : null;
	}

	/**
	 * Return whether an application ended because it was asked to.
	 * @param exit how its process exited
	 * @param wanted whether it was asked to shut down
	 */
	static boolean isShutDown(Exited exit, boolean wanted) {
		return wanted && SHUT_DOWN.contains(exit.status());
	}

	/**
	 * Return the most telling reason.
	 */
	String reason() {
		if (this.failed != null) {
			return this.reasons.failed(this.failed);
		}
		if (this.request != null) {
			return this.reasons.requestedRollback(this.request);
		}
		return (this.exited != null) ? this.reasons.exited(this.exited) : this.sign;
	}

	/**
	 * Return the details that the successor has sent in addition to the reason.
	 * @return the text, or {@code null} if there are none
	 */
	@Nullable String detail() {
		return (this.failed != null) ? this.failed.detail() : null;
	}

}
