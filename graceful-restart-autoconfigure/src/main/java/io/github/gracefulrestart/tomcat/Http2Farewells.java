package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.Processor;

/**
 * Tells clients of HTTP/2 to go while a connector drains. Some take a GOAWAY for the end
 * of all their streams, against the standard. So it is said in the moment in which the
 * last one has been answered; to a connection that is never without a stream when time is
 * nearly up. Whatever its client sends after that is still answered.
 */
final class Http2Farewells {

	private static final Log logger = LogFactory.getLog(Http2Farewells.class);

	/**
	 * After how long without a frame a connection is not in use, and is told at once. One
	 * in use is told with its next answer: at any other moment a request might be on its
	 * way.
	 */
	private static final long UNUSED_MILLIS = 2000;

	/**
	 * How long a client has time to learn that it was told. What it has sent by then is
	 * answered like everything before.
	 */
	private static final long NOTICE = TimeUnit.SECONDS.toNanos(1);

	/**
	 * How long to wait for a client to take what tells it. After that it is one that does
	 * not read.
	 */
	private static final long UNREAD = TimeUnit.SECONDS.toNanos(5);

	private final DrainThreads threads;

	private volatile boolean lastCall;

	Http2Farewells(DrainThreads threads) {
		this.threads = threads;
	}

	/**
	 * Tell also those that are never without a stream.
	 */
	void lastCall() {
		this.lastCall = true;
	}

	/**
	 * Look at a connection.
	 */
	void look(RestartableSocketWrapper connection) {
		if (!connection.isHttp2()) {
			return;
		}
		Farewell farewell = connection.farewell();
		if (farewell.isToldFor(NOTICE) || farewell.isTellingFor(UNREAD)) {
			if (this.lastCall && farewell.beginRefusing()) {
				// Writing may block
				this.threads.execute(() -> refuse(connection));
			}
			return;
		}
		DrainableHttp2Handler handler = connection.http2Handler();
		boolean silent = handler != null && handler.activeStreams() == 0 && connection.quietMillis() >= UNUSED_MILLIS;
		if ((silent || this.lastCall) && farewell.beginTelling()) {
			this.threads.execute(() -> tell(connection));
		}
	}

	/**
	 * Look at a connection right after a stream. Called by the thread that has served it.
	 */
	void streamEnded(RestartableSocketWrapper connection) {
		DrainableHttp2Handler handler = connection.http2Handler();
		if (handler != null && handler.activeStreams() == 0 && connection.farewell().beginTelling()) {
			tell(connection);
		}
	}

	private static void tell(RestartableSocketWrapper connection) {
		DrainableHttp2Handler handler = connection.http2Handler();
		if (handler == null) {
			refuse(connection);
			return;
		}
		try {
			handler.sayGoAway();
		}
		catch (IOException ex) {
			logger.debug("A client of HTTP/2 has gone before it could be told to", ex);
		}
	}

	/**
	 * Let Tomcat say which stream is the last one, and refuse those that come after it:
	 * their client may send them again.
	 */
	private static void refuse(RestartableSocketWrapper connection) {
		if (!(connection.getCurrentProcessor() instanceof Processor processor)) {
			return;
		}
		if (connection.hasAsyncIO()) {
			processor.pause();
			return;
		}
		// Without it all write with the lock held, and this is written as a whole
		connection.getLock().lock();
		try {
			connection.farewell().tellWithWrite(() -> true);
			processor.pause();
		}
		finally {
			connection.farewell().tellWithNoWrite();
			connection.getLock().unlock();
		}
	}

}
