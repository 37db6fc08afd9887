package io.github.gracefulrestart.tomcat;

import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * Tomcat's processor, with information about the current request. It serves requests with
 * Tomcat's methods only.
 */
final class RestartableHttp11Processor extends Http11Processor {

	/**
	 * Tomcat's start time of a request that has not begun.
	 */
	private static final long NO_REQUEST = -1;

	RestartableHttp11Processor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		super(protocol, adapter);
	}

	/**
	 * Return whether a connection is being served by this processor. To be called with
	 * the connection's lock held.
	 */
	boolean serves(RestartableSocketWrapper connection) {
		return getSocketWrapper() == connection;
	}

	/**
	 * Return whether the current request had begun by a moment. Between two requests
	 * there is none, so the next one begins later.
	 * @param moment the moment, on the clock of {@link System#nanoTime()}
	 */
	boolean hasBegunBy(long moment) {
		long start = this.request.getStartTimeNanos();
		return start != NO_REQUEST && start - moment <= 0;
	}

	/**
	 * Return whether the head of the response has been written. An interim response, such
	 * as 100 Continue, does not count.
	 */
	boolean isAnswering() {
		return this.response.isCommitted();
	}

	/**
	 * Return whether the client has asked to close the connection after this response.
	 */
	boolean isClientLeaving() {
		Set<String> tokens = new HashSet<>();
		Enumeration<String> values = this.request.getMimeHeaders().values("Connection");
		while (values.hasMoreElements()) {
			for (String token : values.nextElement().toLowerCase(Locale.ROOT).split(",")) {
				tokens.add(token.strip());
			}
		}
		return tokens.contains("close")
				|| (this.request.protocol().equals("HTTP/1.0") && !tokens.contains("keep-alive"));
	}

	/**
	 * Return whether the client has sent another request already. To be called before the
	 * request is processed. If a request has a body, it is not known whether another
	 * request follows it.
	 */
	boolean hasNextRequest() {
		return isRequestBodyFullyRead() && (getLeftoverInput() != null || available(true) > 0);
	}

}
