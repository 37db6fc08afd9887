package io.github.gracefulrestart.successor;

import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.handover.ReceivedMessage;

/**
 * What a successor learns until its predecessor is gone.
 */
sealed interface PredecessorEvent {

	/**
	 * The predecessor has said something.
	 *
	 * @param received what it has said, with the descriptors, which belong to whoever
	 * takes this event
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
	 * @param reason what it has sent
	 */
	record Misunderstood(String reason) implements PredecessorEvent {

	}

	/**
	 * The predecessor cannot be heard or told anything any longer. It may still run.
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
	 * The application wants something, and waits until it has been done.
	 */
	sealed interface Wanted extends PredecessorEvent {

		/**
		 * Return what completes when it has been done.
		 * @return the future, which also tells of a failure
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
