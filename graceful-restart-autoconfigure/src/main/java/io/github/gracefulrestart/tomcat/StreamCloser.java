package io.github.gracefulrestart.tomcat;

import java.util.concurrent.atomic.LongAdder;

import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.catalina.connector.Request;
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

	private static final String EVENT_STREAM = "text/event-stream";

	private final RestartableNioEndpoint endpoint;

	private final TomcatSettings settings;

	private final long spread;

	private final long begin = System.nanoTime();

	private final long webSockets;

	private long closed;

	/**
	 * Create a closer at the begin of a drain.
	 * @param endpoint what serves the connections
	 * @param settings how WebSockets are closed
	 */
	StreamCloser(RestartableNioEndpoint endpoint, TomcatSettings settings) {
		this.endpoint = endpoint;
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
				if (this.closed < due && connection.markEnding()) {
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
	}

	private long due() {
		long elapsed = System.nanoTime() - this.begin;
		// Those that come meanwhile, from requests that are still being answered, are not
		// counted in and close at the end
		return (elapsed >= this.spread) ? Long.MAX_VALUE : this.webSockets * elapsed / this.spread;
	}

	private void completeEventStream(RestartableSocketWrapper connection) {
		if (connection.getCurrentProcessor() instanceof Processor processor && processor.isAsync()
				&& processor.getRequest() != null && isEventStream(processor) && connection.markEnding()) {
			Request request = (Request) processor.getRequest().getNote(CoyoteAdapter.ADAPTER_NOTES);
			if (request != null && request.isAsync()) {
				request.getAsyncContext().complete();
			}
		}
	}

	private static boolean isEventStream(Processor processor) {
		String contentType = processor.getRequest().getResponse().getContentType();
		return contentType != null && contentType.startsWith(EVENT_STREAM);
	}

}
