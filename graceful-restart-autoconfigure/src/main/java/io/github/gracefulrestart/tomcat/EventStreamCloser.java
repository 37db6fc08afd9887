package io.github.gracefulrestart.tomcat;

import java.util.Enumeration;
import java.util.Locale;

import io.github.gracefulrestart.host.EventStreams;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;

/**
 * Completes event streams while a connector drains. An {@code EventSource} then
 * reconnects, to the successor. A client that does not reconnect by itself would take
 * half a response for the whole, so its stream continues.
 */
final class EventStreamCloser {

	private static final Log logger = LogFactory.getLog(EventStreamCloser.class);

	private static final String EVENT_STREAM = "text/event-stream";

	private final WaitingStreams streams;

	private final EventStreams mode;

	/**
	 * Create a closer.
	 * @param streams the streams of HTTP/2 connections
	 * @param mode which event streams to complete
	 */
	EventStreamCloser(WaitingStreams streams, EventStreams mode) {
		this.streams = streams;
		this.mode = mode;
	}

	/**
	 * Complete the response on a connection, once, if it is an event stream. The lock
	 * keeps the processor from starting another request in the meantime.
	 */
	void look(RestartableSocketWrapper connection) {
		if (this.mode != EventStreams.FINISH && connection.getCurrentProcessor() != null
				&& connection.getLock().tryLock()) {
			try {
				if (connection.getCurrentProcessor() instanceof Processor processor && !processor.isUpgrade()
						&& processor.getRequest() != null) {
					long start = processor.getRequest().getStartTimeNanos();
					if (!connection.farewell().isCompleted(start) && complete(processor)) {
						connection.farewell().completeStream(start);
					}
				}
			}
			finally {
				connection.getLock().unlock();
			}
		}
	}

	/**
	 * Complete the event streams of HTTP/2.
	 */
	void lookAtStreams() {
		if (this.mode != EventStreams.FINISH) {
			this.streams.endEach(this::complete);
		}
	}

	/**
	 * Complete a request, if its response is an event stream that has to be completed.
	 * @return whether it is
	 */
	private boolean complete(Processor processor) {
		if (!processor.isAsync() || processor.getRequest() == null || !isToBeCompleted(processor.getRequest())) {
			return false;
		}
		var request = (org.apache.catalina.connector.Request) processor.getRequest()
			.getNote(CoyoteAdapter.ADAPTER_NOTES);
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

	private boolean isToBeCompleted(Request request) {
		Response response = request.getResponse();
		String contentType = response.getContentType();
		if (contentType != null) {
			return contentType.toLowerCase(Locale.ROOT).startsWith(EVENT_STREAM)
					&& (this.mode == EventStreams.COMPLETE || isSubscription(request, false));
		}
		if (response.isCommitted() || !isSubscription(request, true)) {
			return false;
		}
		// A reactive application sets the content type only with the first event. An
		// EventSource that gets another type than an event stream does not reconnect
		response.setContentType(EVENT_STREAM);
		return true;
	}

	/**
	 * Return whether the client reconnects by itself when the stream ends.
	 * @param nothingElse whether it must accept nothing but an event stream
	 */
	private static boolean isSubscription(Request request, boolean nothingElse) {
		if (!"GET".equals(request.getMethod())) {
			return false;
		}
		boolean accepted = false;
		Enumeration<String> values = request.getMimeHeaders().values("Accept");
		while (values.hasMoreElements()) {
			String value = values.nextElement().strip().toLowerCase(Locale.ROOT);
			if (nothingElse && !value.equals(EVENT_STREAM)) {
				return false;
			}
			accepted |= value.contains(EVENT_STREAM);
		}
		return accepted;
	}

}
