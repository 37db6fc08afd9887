package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.RestartOutcome;

/**
 * How far a restart has come, which decides what is to be done if it ends now. Used by
 * one thread.
 */
sealed interface Stage permits Handover, Tenure {

	/**
	 * Return what a restart is that ends now because something went wrong.
	 * @return the outcome
	 */
	RestartOutcome failure();

	/**
	 * Return what became of the connections so far.
	 * @return the summary
	 */
	DrainSummary drained();

	/**
	 * Accept again: every millisecond counts, and all else can wait. May be called more
	 * than once, and never fails.
	 */
	void serveOn();

	/**
	 * The successor has ended, and this process serves on. Never fails.
	 */
	void successorEnded();

	/**
	 * The successor has ended, and this process does so, too. Never fails.
	 */
	void stop();

	/**
	 * Return whether the successor has been told that this process leaves, after which it
	 * cannot serve again.
	 * @return whether it has
	 */
	boolean isOver();

}
