package io.github.gracefulrestart.host;

import java.util.List;

import io.github.gracefulrestart.DrainSummary;

/**
 * One drain of a host: it finishes what the host has accepted, while whatever arrives on
 * a connection is still served. It begins with {@link ListenerHost#beginDrain}, and ends
 * when no connection is left or with {@link #cancel()}. What belongs to a drain is kept
 * here, so that nothing of it is left for the next one.
 * <p>
 * One thread calls all methods, and several times where they say nothing else.
 */
public interface HostDrain {

	/**
	 * Return what drains.
	 * @return the host
	 */
	ListenerHost host();

	/**
	 * Do what there is to do again and again, such as telling clients whose connection
	 * was busy.
	 * @param look whether to look at all connections, which takes time
	 */
	void step(boolean look);

	/**
	 * Take connections that are between two requests out of service.
	 * @param max how many at most
	 * @param look whether to look at all connections, or only to take those that are
	 * known to have become so
	 * @return the connections, empty if there are none at the moment, or if the drain has
	 * not begun with moves
	 */
	List<MovableConnection> detach(int max, boolean look);

	/**
	 * Move no more connections, but tell their clients to go.
	 * @param reason why, for the log
	 */
	void stopMoving(String reason);

	/**
	 * Tell the clients that have not been told and can be, for the drain timeout is
	 * nearly up.
	 */
	void lastCall();

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
	 * Return what became of the connections since the drain began.
	 * @return the summary so far
	 */
	DrainSummary summary();

	/**
	 * End the drain, because this JVM serves on, whether connections are left or not. Has
	 * no effect on a drain that has been ended.
	 */
	void cancel();

}
