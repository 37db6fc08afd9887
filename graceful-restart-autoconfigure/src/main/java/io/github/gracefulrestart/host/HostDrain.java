package io.github.gracefulrestart.host;

import java.util.List;

import io.github.gracefulrestart.DrainSummary;

/**
 * One drain of a host: it completes the requests and connections that the host has
 * accepted, and requests that still arrive are served. It begins with
 * {@link ListenerHost#beginDrain}, and ends when no connection is left or with
 * {@link #cancel()}. The complete state of a drain is kept here, so that nothing remains
 * for the next one.
 * <p>
 * One thread calls all methods. A method may be called several times unless stated
 * otherwise.
 */
public interface HostDrain {

	/**
	 * Return the host that drains.
	 * @return the host
	 */
	ListenerHost host();

	/**
	 * Do the repeated work, such as telling clients whose connection was busy.
	 * @param look whether to search all connections, which takes time
	 */
	void step(boolean look);

	/**
	 * Take connections that are between two requests out of service.
	 * @param max how many at most
	 * @param look whether to search all connections, or only take those that are known to
	 * have become idle
	 * @return the connections, empty if there are none at the moment, or if the drain has
	 * not begun with moves
	 */
	List<MovableConnection> detach(int max, boolean look);

	/**
	 * Move no further connections, and tell their clients to go instead.
	 * @param reason why, for the log
	 */
	void stopMoving(String reason);

	/**
	 * Tell the remaining clients that can be told, because the drain timeout has almost
	 * passed.
	 */
	void lastCall();

	/**
	 * Close the connections that have no request, and tell the clients of connections
	 * that always have one.
	 */
	void closeIdle();

	/**
	 * Close the connections whose request had begun by a moment, and those whose request
	 * has an unknown start.
	 * @param moment the moment, on the clock of {@link System#nanoTime()}
	 * @param idleToo whether to close also connections without a request whose client
	 * prevents an orderly close
	 */
	void cut(long moment, boolean idleToo);

	/**
	 * Return what has happened to the connections since the drain began.
	 * @return the summary so far
	 */
	DrainSummary summary();

	/**
	 * End the drain because this JVM continues to serve, whether connections are left or
	 * not. Has no effect on a drain that has ended.
	 */
	void cancel();

}
