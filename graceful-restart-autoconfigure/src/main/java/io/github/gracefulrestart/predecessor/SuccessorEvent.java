package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message;

/**
 * What a predecessor learns while a restart is under way.
 */
sealed interface SuccessorEvent {

	/**
	 * The successor has connected and shown who it is.
	 *
	 * @param connection the connection to it
	 */
	record Connected(ControlConnection connection) implements SuccessorEvent {

	}

	/**
	 * The successor has said something.
	 *
	 * @param message what it said
	 */
	record Received(Message message) implements SuccessorEvent {

	}

	/**
	 * The successor cannot be heard any longer.
	 *
	 * @param reason what it did, to follow its name
	 */
	record Disconnected(String reason) implements SuccessorEvent {

	}

	/**
	 * The successor has sent what the protocol does not allow.
	 *
	 * @param reason what it sent
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
