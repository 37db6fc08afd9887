package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.util.Locale;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's processor, which its connection can ask about the request at hand.
 */
final class RestartableHttp11Processor extends Http11Processor {

	RestartableHttp11Processor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
		super(protocol, adapter);
	}

	@Override
	public SocketState service(SocketWrapperBase<?> socketWrapper) throws IOException {
		RestartableSocketWrapper connection = (RestartableSocketWrapper) socketWrapper;
		connection.servedBy(this);
		try {
			return super.service(socketWrapper);
		}
		finally {
			connection.servedBy(null);
		}
	}

	/**
	 * Return whether the client wants no other answer on this connection.
	 */
	boolean isClientLeaving() {
		String connection = this.request.getHeader("Connection");
		String tokens = (connection != null) ? connection.toLowerCase(Locale.ROOT) : "";
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
