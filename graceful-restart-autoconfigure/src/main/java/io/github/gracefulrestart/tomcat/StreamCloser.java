package io.github.gracefulrestart.tomcat;

import java.util.concurrent.atomic.LongAdder;

import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Ends what would not end by itself while a connector drains, so that clients come back
 * to the successor: WebSockets are closed (by default with 1001, going away, RFC 6455
 * section 7.4.1), spread over some time so that not all clients come back in the same
 * instant, and event streams are completed, upon which an {@code EventSource} connects
 * again.
 */
final class StreamCloser {

	private static final Log logger = LogFactory.getLog(StreamCloser.class);

	private static final String EVENT_STREAM = "text/event-stream";

	private final RestartableNioEndpoint endpoint;

	private final WaitingStreams streams;

	private final TomcatSettings settings;

	private final long spread;

	private final long begin = System.nanoTime();

	private final long webSockets;

	private long closed;

	/**
	 * Create a closer at the begin of a drain.
	 * @param endpoint what serves the connections
	 * @param streams the streams of its HTTP/2 connections
	 * @param settings how WebSockets are closed
	 */
	StreamCloser(RestartableNioEndpoint endpoint, WaitingStreams streams, TomcatSettings settings) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.settings = settings;
		this.spread = settings.webSocketCloseSpread().toNanos();
		LongAdder count = new LongAdder();
		endpoint.forEachConnection((connection) -> {
			if (connection.isWebSocket()) {
				count.increment();
			}
		});
		this.webSockets = count.sum();
	}

	/**
	 * Close what is due.
	 */
	void step() {
		long due = due();
		this.endpoint.forEachConnection((connection) -> {
			if (connection.isWebSocket()) {
				if (this.closed < due && connection.markTold()) {
					this.closed++;
					connection.closeCode(this.settings.webSocketCloseCode());
					// Tomcat's WebSocket handler takes this for a stop of the server
					this.endpoint.processSocket(connection, SocketEvent.STOP, true);
				}
			}
			else {
				completeEventStream(connection);
			}
		});
		this.streams.endEach(StreamCloser::complete);
	}

	private long due() {
		long elapsed = System.nanoTime() - this.begin;
		// Those that come meanwhile, from requests that are still being answered, are not
		// counted in and close at the end
		return (elapsed >= this.spread) ? Long.MAX_VALUE : this.webSockets * elapsed / this.spread;
	}

	/**
	 * Complete what the connection sends, once, if it is an event stream. With the lock
	 * the processor cannot turn to another request meanwhile.
	 */
	private static void completeEventStream(RestartableSocketWrapper connection) {
		if (connection.getCurrentProcessor() != null && connection.getLock().tryLock()) {
			try {
				if (connection.getCurrentProcessor() instanceof Processor processor && processor.getRequest() != null) {
					long start = processor.getRequest().getStartTimeNanos();
					if (!connection.isCompleted(start) && complete(processor)) {
						connection.markCompleted(start);
					}
				}
			}
			finally {
				connection.getLock().unlock();
			}
		}
	}

	/**
	 * Complete a request, if its answer is an event stream.
	 * @return whether it is
	 */
	private static boolean complete(Processor processor) {
		if (!processor.isAsync() || processor.getRequest() == null || !isEventStream(processor)) {
			return false;
		}
		Request request = (Request) processor.getRequest().getNote(CoyoteAdapter.ADAPTER_NOTES);
		if (request == null || !request.isAsync()) {
			return false;
		}
		try {
			request.getAsyncContext().complete();
		}
		catch (IllegalStateException ex) {
			logger.debug("An event stream is ending by itself", ex);
		}
		return true;
	}

	private static boolean isEventStream(Processor processor) {
		String contentType = processor.getRequest().getResponse().getContentType();
		return contentType != null && contentType.startsWith(EVENT_STREAM);
	}

}
