package io.github.gracefulrestart.successor;

import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.handover.ReceivedMessage;

/**
 * The events that a successor receives until its predecessor is gone.
 */
sealed interface PredecessorEvent {

	/**
	 * The predecessor has sent a message.
	 *
	 * @param received the message, with its descriptors, which the receiver of this event
	 * owns
	 */
	record Said(ReceivedMessage received) implements PredecessorEvent {

		@Override
		public String toString() {
			return this.received.message().type().toString();
		}

	}

	/**
	 * The predecessor has sent what the protocol does not allow. The connection is about
	 * to end.
	 *
	 * @param reason the reason
	 */
	record Misunderstood(String reason) implements PredecessorEvent {

	}

	/**
	 * The connection to the predecessor has ended. The predecessor may still run.
	 */
	record CutOff() implements PredecessorEvent {

	}

	/**
	 * The predecessor is gone. The last event.
	 */
	record Gone() implements PredecessorEvent {

	}

	/**
	 * The predecessor has not answered for too long.
	 */
	record PatienceOver() implements PredecessorEvent {

	}

	/**
	 * A request of the application, which waits until it has been carried out.
	 */
	sealed interface Wanted extends PredecessorEvent {

		/**
		 * Return the future that completes when it has been carried out.
		 * @return the future, which may also fail
		 */
		CompletableFuture<Void> done();

	}

	/**
	 * The application is ready to serve.
	 *
	 * @param done completes when that has been followed
	 */
	record ApplicationReady(CompletableFuture<Void> done) implements Wanted {

	}

	/**
	 * The application has started, and must not serve.
	 *
	 * @param reason why not
	 * @param done completes when that has been followed
	 */
	record ApplicationUnfit(String reason, CompletableFuture<Void> done) implements Wanted {

	}

	/**
	 * This process, or the application in it, is told to stop.
	 *
	 * @param wanted whether the application was asked to shut down, and not just this
	 * process to end
	 * @param done completes when that has been followed
	 */
	record Closing(boolean wanted, CompletableFuture<Void> done) implements Wanted {

	}

}
