package io.github.gracefulrestart.host;

import java.io.IOException;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.ReceivedConnection;
import org.jspecify.annotations.Nullable;

/**
 * What accepts from one listener and serves its connections, for as long as that is open:
 * to a restart, a web server is a number of these. The methods that change something are
 * called on the restart's thread only.
 */
public interface ListenerHost {

	/**
	 * Return the listener.
	 * @return the listener, which the application may have closed meanwhile
	 */
	Listener listener();

	/**
	 * Return the connections at this moment.
	 * @return the count
	 */
	ConnectionCount connections();

	/**
	 * Begin to finish what has been accepted: whatever arrives on a connection is still
	 * served. Called after the gate has been closed, and not again before the drain has
	 * ended. If this fails, all is as before.
	 * @param move whether {@link HostDrain#detach} will be called, so that clients whose
	 * connection can be moved need not be told to go
	 * @return the drain
	 */
	HostDrain beginDrain(boolean move);

	/**
	 * Serve a connection that a predecessor has detached.
	 * @param connection the connection, of which this host makes what it serves
	 * @param state what the predecessor says of it
	 * @return why it is not served, or {@code null} if it is. What has been made of it
	 * has been closed then, and nothing written to it: the predecessor serves it on
	 * @throws IOException if it is not served because a system call failed
	 */
	@Nullable String adopt(ReceivedConnection connection, ConnectionState state) throws IOException;

	/**
	 * Close the listener for good.
	 * @param inherited whether a successor serves on the same socket, for which nothing
	 * may change. Otherwise the file of a Unix domain socket is deleted
	 * @throws IOException if the socket could not be closed
	 */
	void closeListener(boolean inherited) throws IOException;

}
