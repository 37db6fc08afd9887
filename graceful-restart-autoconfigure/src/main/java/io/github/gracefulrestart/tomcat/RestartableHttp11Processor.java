package io.github.gracefulrestart.tomcat;

import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * Tomcat's processor, which a connection can ask about the request at hand. It serves
 * requests with Tomcat's methods only.
 */
final class RestartableHttp11Processor extends Http11Processor {

	/**
	 * What Tomcat takes for the start of a request that has not begun.
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
	 * Return whether the request at hand had begun by a moment. Between two requests
	 * there is none, and the next one is young.
	 * @param moment the moment, on the clock of {@link System#nanoTime()}
	 */
	boolean hasBegunBy(long moment) {
		long start = this.request.getStartTimeNanos();
		return start != NO_REQUEST && start - moment <= 0;
	}

	/**
	 * Return whether the head of the answer has been written. An interim answer, 100
	 * Continue for example, is none.
	 */
	boolean isAnswering() {
		return this.response.isCommitted();
	}

	/**
	 * Return whether the client wants no other answer on this connection.
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
	 * request is processed. Where a request has a body, it cannot be seen whether another
	 * one follows that.
	 */
	boolean hasNextRequest() {
		return isRequestBodyFullyRead() && (getLeftoverInput() != null || available(true) > 0);
	}

}
