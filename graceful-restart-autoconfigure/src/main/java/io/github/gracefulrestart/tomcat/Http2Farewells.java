package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.Processor;

/**
 * Tells HTTP/2 clients to go while a connector drains. Against the standard, some clients
 * treat a GOAWAY as the end of all their streams. So it is sent when the last running
 * stream has been answered, and on a connection that always has a stream when the time
 * has almost passed. Requests that arrive later are still answered.
 */
final class Http2Farewells {

	private static final Log logger = LogFactory.getLog(Http2Farewells.class);

	/**
	 * A connection without a frame for this time is not in use, and its client is told at
	 * once. Otherwise the client is told right after the next response, because at any
	 * other moment a request might be on its way.
	 */
	private static final long UNUSED_MILLIS = 2000;

	/**
	 * How long it may take until a client has received the GOAWAY. Requests that it has
	 * sent by then are answered.
	 */
	private static final long NOTICE = TimeUnit.SECONDS.toNanos(1);

	/**
	 * How long to wait for a client to read the GOAWAY. After that it counts as one that
	 * does not read.
	 */
	private static final long UNREAD = TimeUnit.SECONDS.toNanos(5);

	private final DrainThreads threads;

	private volatile boolean lastCall;

	Http2Farewells(DrainThreads threads) {
		this.threads = threads;
	}

	/**
	 * Also tell the clients whose connection always has a stream.
	 */
	void lastCall() {
		this.lastCall = true;
	}

	/**
	 * Check a connection.
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
	 * Check a connection right after a stream. Called by the thread that has served it.
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
	 * Let Tomcat send a GOAWAY with the last stream, and refuse later ones, which the
	 * client may send again.
	 */
	private static void refuse(RestartableSocketWrapper connection) {
		if (!(connection.getCurrentProcessor() instanceof Processor processor)) {
			return;
		}
		if (connection.hasAsyncIO()) {
			processor.pause();
			return;
		}
		// Without useAsyncIO all threads write with the lock held, so this frame is
		// written as a whole
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
