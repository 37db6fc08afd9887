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
	 * Return the descriptor, which stays with the listener host.
	 * @return the descriptor's number
	 * @throws IOException if it cannot be found
	 */
	int descriptor() throws IOException;

	/**
	 * Return what the successor has to know to serve it on.
	 * @return the state
	 */
	ConnectionState state();

	/**
	 * The successor has it: close the descriptor here, without a word to the client.
	 */
	void moved();

	/**
	 * The successor did not take it: serve it here.
	 */
	void keep();

}
