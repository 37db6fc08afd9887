package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.RestartOutcome;

/**
 * The stage that a restart has reached, which decides what has to be done if it ends now.
 * Used by one thread.
 */
sealed interface Stage permits Handover, Tenure {

	/**
	 * Return the outcome of a restart that ends now because of an error.
	 * @return the outcome
	 */
	RestartOutcome failure();

	/**
	 * Return what has happened to the connections so far.
	 * @return the summary
	 */
	DrainSummary drained();

	/**
	 * Accept again. Called first, because every millisecond counts. May be called more
	 * than once, and never fails.
	 */
	void serveOn();

	/**
	 * The successor has ended, and this process continues to serve. Never fails.
	 */
	void successorEnded();

	/**
	 * The successor has ended, and this process does so, too. Never fails.
	 */
	void stop();

	/**
	 * Return whether the successor has been told that this process exits, after which
	 * this process cannot serve again.
	 * @return whether it has
	 */
	boolean isOver();

}
