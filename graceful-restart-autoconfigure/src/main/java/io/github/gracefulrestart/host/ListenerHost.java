package io.github.gracefulrestart.host;

import java.io.IOException;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.ReceivedConnection;
import org.jspecify.annotations.Nullable;

/**
 * Accepts from one listener and serves its connections while the listener is open. A
 * restart sees a web server as a set of these. The methods with side effects are called
 * on the restart's thread only.
 */
public interface ListenerHost {

	/**
	 * Return the listener.
	 * @return the listener, which the application may have closed
	 */
	Listener listener();

	/**
	 * Return the connections at this moment.
	 * @return the count
	 */
	ConnectionCount connections();

	/**
	 * Begin to drain. Requests that still arrive on connections are served. Called after
	 * the gate has been closed, and not again before the drain has ended. If this fails,
	 * nothing has changed.
	 * @param move whether {@link HostDrain#detach} will be called, so that clients whose
	 * connection can be moved need not be told to go
	 * @return the drain
	 */
	HostDrain beginDrain(boolean move);

	/**
	 * Serve a connection that a predecessor has detached.
	 * @param connection the connection, from which this host makes a socket of its own
	 * kind
	 * @param state its state, from the predecessor
	 * @return why it is not served, or {@code null} if it is. If it is not, the new
	 * socket has been closed without writing to the connection, and the predecessor
	 * continues to serve it
	 * @throws IOException if it is not served because a system call failed
	 */
	@Nullable String adopt(ReceivedConnection connection, ConnectionState state) throws IOException;

	/**
	 * Close the listener permanently.
	 * @param inherited whether a successor serves on the same socket, for which nothing
	 * may change. Otherwise the file of a Unix domain socket is deleted
	 * @throws IOException if the socket could not be closed
	 */
	void closeListener(boolean inherited) throws IOException;

}
