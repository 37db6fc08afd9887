package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.time.Duration;

/**
 * The switch that says whether this JVM takes connections from a kernel's queue that it
 * may share with another JVM. The web server provides it, because it depends on how the
 * server accepts: {@link SelectorGate} is for a thread of its own. On an event loop, the
 * gate is open while the channel reads, and closed when the loop has completed a round
 * after reading was switched off.
 * <p>
 * There are two independent reasons not to accept: a restart has {@linkplain #close()
 * closed} the gate, or the web server is {@linkplain #pause() paused}. Ending one leaves
 * the other. A new gate is closed.
 */
public interface AcceptGate {

	/**
	 * Let the acceptor take connections. Has no effect after {@link #release()}.
	 */
	void open();

	/**
	 * Keep the acceptor from taking connections, which then wait in the kernel's queue.
	 * Returns when the acceptor is sure not to take another connection, and the last one
	 * that it took is counted and served.
	 */
	void close();

	/**
	 * Keep the acceptor from taking connections as long as the web server is paused,
	 * whether the gate is open or not. Returns when the acceptor has stopped.
	 */
	void pause();

	/**
	 * Let the acceptor take connections again, if the gate is open.
	 */
	void resume();

	/**
	 * Return whether this JVM takes connections.
	 * @return {@code true} if the gate is open and the web server not paused
	 */
	boolean isOpen();

	/**
	 * Wait until the acceptor takes connections. After the gate has been opened, the
	 * acceptor needs a moment to wake up, and it may be blocked elsewhere, for example by
	 * a limit of connections. Returns at once while the web server is paused.
	 * @param patience how long to wait at most
	 * @return whether the acceptor takes connections
	 */
	boolean awaitAcceptor(Duration patience);

	/**
	 * Return when this JVM took its first connection.
	 * @return a value of {@link System#nanoTime()}, or 0 if there was none
	 */
	long firstAcceptedAt();

	/**
	 * Return when this JVM took its last connection so far.
	 * @return a value of {@link System#nanoTime()}, or 0 if there was none
	 */
	long lastAcceptedAt();

	/**
	 * Close permanently, because the listening socket is about to be closed. May be
	 * called again.
	 * @throws IOException if something of the gate could not be closed
	 */
	void release() throws IOException;

}
