package io.github.gracefulrestart.testsupport;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A request that got no complete answer, with the exact way it ended.
 */
public class RequestFailedException extends IOException {

	private static final long serialVersionUID = 1L;

	/** How the request ended. */
	private final Outcome outcome;

	RequestFailedException(Outcome outcome, String message, @Nullable Throwable cause) {
		super(outcome + ": " + message, cause);
		this.outcome = outcome;
	}

	/**
	 * Return how the request ended.
	 * @return the outcome, never one that {@linkplain Outcome#isAnswered() is answered}
	 */
	public Outcome outcome() {
		return this.outcome;
	}

}
