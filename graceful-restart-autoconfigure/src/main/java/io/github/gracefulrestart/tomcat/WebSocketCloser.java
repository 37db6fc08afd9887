package io.github.gracefulrestart.tomcat;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

import io.github.gracefulrestart.host.WebServerSettings;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Closes WebSockets while a connector drains (by default with 1001, going away, RFC 6455
 * section 7.4.1), so that their clients reconnect to the successor. This is spread over
 * some time, and never faster than the request queue can take the replies and next
 * requests of the clients.
 */
final class WebSocketCloser {

	private final RestartableNioEndpoint endpoint;

	private final int code;

	private final long spread;

	private final QueueShare share;

	private final long begin = System.nanoTime();

	private final long webSockets;

	/**
	 * The WebSockets that have not been closed. Some are added later, from requests that
	 * were running when the drain started.
	 */
	private final Set<RestartableSocketWrapper> waiting = new LinkedHashSet<>();

	private long closed;

	private boolean hurried;

	/**
	 * Create a closer at the start of a drain.
	 * @param endpoint what serves the connections
	 * @param settings how WebSockets are closed
	 */
	WebSocketCloser(RestartableNioEndpoint endpoint, WebServerSettings settings) {
		this.endpoint = endpoint;
		this.code = settings.webSocketCloseCode();
		this.spread = settings.webSocketCloseSpread().toNanos();
		this.share = new QueueShare(endpoint.applicationExecutor());
		LongAdder count = new LongAdder();
		endpoint.forEachConnection((connection) -> {
			if (connection.isWebSocket()) {
				count.increment();
			}
		});
		this.webSockets = count.sum();
	}

	/**
	 * Check a connection.
	 */
	void look(RestartableSocketWrapper connection) {
		if (connection.isWebSocket() && !connection.farewell().isBegun()) {
			this.waiting.add(connection);
		}
	}

	/**
	 * Close the WebSockets that are due.
	 */
	void step() {
		long due = due() - this.closed;
		if (due <= 0 || this.waiting.isEmpty()) {
			return;
		}
		long most = this.hurried ? due : Math.min(due, this.share.take());
		Iterator<RestartableSocketWrapper> next = this.waiting.iterator();
		while (most > 0 && next.hasNext()) {
			RestartableSocketWrapper connection = next.next();
			next.remove();
			if (!connection.isClosed() && connection.farewell().begin()) {
				most--;
				this.closed++;
				connection.closeCode(this.code);
				// Tomcat's WebSocket handler treats this as a stop of the server
				this.endpoint.processSocket(connection, SocketEvent.STOP, true);
			}
		}
	}

	private long due() {
		long elapsed = System.nanoTime() - this.begin;
		// Later ones are not included in the count and are closed at the end
		return (this.hurried || elapsed >= this.spread) ? Long.MAX_VALUE : this.webSockets * elapsed / this.spread;
	}

	/**
	 * Close the rest at once, because the time has almost passed.
	 */
	void hurry() {
		this.hurried = true;
	}

}
