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
 * What there is to hear of a successor that has ended or is about to, of which the first
 * sign says least: its end is noticed by one thread, and what it has said before is read
 * by another, which may be later.
 */
final class LastWords {

	/**
	 * What an application exits with that was asked to shut down, unless it fails to:
	 * also with SIGKILL, from somebody who lost patience.
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
	 * @param reasons says in words what is heard
	 * @param sign the first sign, in words
	 * @param served whether the successor has served
	 * @param connected whether there is a connection on which it may say more
	 */
	LastWords(Reasons reasons, String sign, boolean served, boolean connected) {
		this.reasons = reasons;
		this.sign = sign;
		this.served = served;
		this.heard = !connected;
	}

	/**
	 * Hear something.
	 * @param event what the successor says or does
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
	 * Return whether all has been heard that matters.
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
	 * Return what the successor itself has said beyond the reason.
	 * @return the text, or {@code null} if it has said nothing
	 */
	@Nullable String detail() {
		return (this.failed != null) ? this.failed.detail() : null;
	}

}
