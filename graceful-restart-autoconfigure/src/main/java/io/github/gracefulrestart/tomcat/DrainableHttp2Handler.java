package io.github.gracefulrestart.tomcat;

import java.io.IOException;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's handler of an HTTP/2 connection, which can return the streams that run on it,
 * and can tell its client to go without refusing streams itself.
 */
final class DrainableHttp2Handler extends Http2AsyncUpgradeHandler {

	/**
	 * The stream number of a GOAWAY that does not refuse any stream yet, see RFC 9113
	 * section 6.8.
	 */
	private static final int ANY_STREAM = Integer.MAX_VALUE;

	private static final long NO_ERROR = 0;

	DrainableHttp2Handler(Http2Protocol protocol, Adapter adapter, @Nullable Request request,
			SocketWrapperBase<?> connection) {
		super(protocol, adapter, request, connection);
	}

	int activeStreams() {
		return this.activeRemoteStreamCount.get();
	}

	/**
	 * Ask the client to open no further streams here. Streams that it opens nevertheless,
	 * for example because they were on their way, are served.
	 * @throws IOException if that could not be written
	 */
	void sayGoAway() throws IOException {
		writeGoAwayFrame(ANY_STREAM, NO_ERROR, null);
	}

}
