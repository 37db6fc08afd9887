package io.github.gracefulrestart.host;

import java.io.IOException;

/**
 * A connection between two requests that its listener host has taken out of service, so
 * that the successor can serve its next request. It ends in exactly one of
 * {@link #moved()} and {@link #keep()}.
 */
public interface MovableConnection {

	/**
	 * Return the descriptor, which stays with the listener host.
	 * @return the descriptor's number
	 * @throws IOException if it cannot be found
	 */
	int descriptor() throws IOException;

	/**
	 * Return for how long nothing has arrived.
	 * @return the time in milliseconds
	 */
	long idleMillis();

	/**
	 * Return how many more requests the connection may carry, if that is limited.
	 * @return the number of requests
	 */
	int keepAliveLeft();

	/**
	 * The successor has it: close the descriptor here, without a word to the client.
	 */
	void moved();

	/**
	 * The successor did not take it: serve it here.
	 */
	void keep();

}
