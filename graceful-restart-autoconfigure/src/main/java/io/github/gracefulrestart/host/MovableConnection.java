package io.github.gracefulrestart.host;

import java.io.IOException;

import io.github.gracefulrestart.listener.ConnectionState;

/**
 * A connection between two requests that its listener host has taken out of service, so
 * that the successor can serve its next request. It ends in exactly one of
 * {@link #moved()} and {@link #keep()}.
 */
public interface MovableConnection {

	/**
	 * Return the descriptor, which the listener host still owns.
	 * @return the descriptor's number
	 * @throws IOException if it cannot be found
	 */
	int descriptor() throws IOException;

	/**
	 * Return the state that the successor needs to continue to serve it.
	 * @return the state
	 */
	ConnectionState state();

	/**
	 * The successor has it: close the descriptor here, without writing to the client.
	 */
	void moved();

	/**
	 * The successor did not take it: serve it here.
	 */
	void keep();

}
