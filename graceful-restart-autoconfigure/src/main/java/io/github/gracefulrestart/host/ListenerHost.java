package io.github.gracefulrestart.host;

import java.io.IOException;
import java.util.List;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.ConnectionAdopter;
import org.jspecify.annotations.Nullable;

/**
 * What accepts from a listener and serves its connections: to a restart, a web server is
 * a number of these. The methods that change something are called on the restart's thread
 * only, and never before the listener is open.
 */
public interface ListenerHost {

	/**
	 * Return the listener.
	 * @return the listener, or {@code null} while the host is not started
	 */
	@Nullable Listener listener();

	/**
	 * Return the connections at this moment.
	 * @return the count
	 */
	ConnectionCount connections();

	/**
	 * Begin to finish what has been accepted: whatever arrives on a connection is still
	 * served. Called after the gate has been closed.
	 * @param move whether {@link #detach} will be called, so that clients whose
	 * connection can be moved need not be told to go
	 */
	void beginDrain(boolean move);

	/**
	 * Take connections that are between two requests out of service.
	 * @param max how many at most
	 * @param look whether to look at all connections, or only to take those that are
	 * known to have become so
	 * @return the connections, empty if there are none at the moment
	 */
	List<MovableConnection> detach(int max, boolean look);

	/**
	 * Move no more connections, but tell their clients to go.
	 * @param reason why, for the log
	 */
	void stopMoving(String reason);

	/**
	 * Serve a connection that a predecessor has detached.
	 * @param connection the connection, which now belongs to this host
	 * @param idleMillis for how long nothing has arrived on it
	 * @param keepAliveLeft how many more requests it may carry, if that is limited
	 * @return why it is not served, in which case only the descriptor has been closed, or
	 * {@code null} if it is
	 */
	@Nullable String adopt(ConnectionAdopter.Adopted connection, long idleMillis, int keepAliveLeft);

	/**
	 * Go on with the drain where there is something to do again and again, such as
	 * telling clients whose connection was busy.
	 * @param look whether to look at all connections, which takes time
	 */
	void continueDrain(boolean look);

	/**
	 * Tell whoever has not been told and can be, for the drain timeout is nearly up.
	 */
	void lastCall();

	/**
	 * Take {@link #beginDrain} back, because this JVM serves on. What has not begun, or
	 * only in part, is no fault.
	 */
	void cancelDrain();

	/**
	 * Close the connections that have no request, and tell the clients of those that are
	 * never without.
	 */
	void closeIdle();

	/**
	 * Close the connections whose request had begun by a moment, and those of which it is
	 * not known when theirs has.
	 * @param moment the moment, on the clock of {@link System#nanoTime()}
	 * @param idleToo whether to close also those without a request whose client does not
	 * let them be closed in order
	 */
	void cut(long moment, boolean idleToo);

	/**
	 * Return what became of the connections since {@link #beginDrain}.
	 * @return the summary so far
	 */
	DrainSummary drained();

	/**
	 * Close the listener for good.
	 * @param inherited whether a successor serves on the same socket, for which nothing
	 * may change. Otherwise the file of a Unix domain socket is deleted
	 * @throws IOException if the socket could not be closed
	 */
	void closeListener(boolean inherited) throws IOException;

}
