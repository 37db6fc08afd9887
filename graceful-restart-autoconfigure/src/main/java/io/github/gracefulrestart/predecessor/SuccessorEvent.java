package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message;

/**
 * The events that a predecessor receives while a restart is under way.
 */
sealed interface SuccessorEvent {

	/**
	 * The successor has connected and identified itself.
	 *
	 * @param connection the connection to it
	 */
	record Connected(ControlConnection connection) implements SuccessorEvent {

	}

	/**
	 * The successor has sent a message.
	 *
	 * @param message the message
	 */
	record Received(Message message) implements SuccessorEvent {

	}

	/**
	 * No further message can arrive from the successor.
	 *
	 * @param reason the reason, to follow its name
	 */
	record Disconnected(String reason) implements SuccessorEvent {

	}

	/**
	 * The successor has sent what the protocol does not allow.
	 *
	 * @param reason the reason
	 */
	record Misunderstood(String reason) implements SuccessorEvent {

	}

	/**
	 * The successor has ended and been reaped.
	 *
	 * @param status the exit status, 128 + n for signal n
	 */
	record Exited(int status) implements SuccessorEvent {

	}

	/**
	 * This process, the predecessor, is told to stop.
	 */
	record StopRequested() implements SuccessorEvent {

	}

}
