package io.github.gracefulrestart.tomcat;

import io.github.gracefulrestart.host.WebServerSettings;

/**
 * Tells the clients of a connector to go while it drains, each by a message of its
 * protocol. Clients of HTTP/1.1 are told by a response, which is decided elsewhere.
 */
final class Farewells {

	private final RestartableNioEndpoint endpoint;

	private final WebSocketCloser webSockets;

	private final EventStreamCloser eventStreams;

	private final Http2Farewells http2;

	/**
	 * Begin.
	 * @param protocol the connector's protocol
	 * @param settings what an application may choose
	 * @param threads threads for writes that may have to wait for clients
	 */
	Farewells(RestartableHttp11NioProtocol protocol, WebServerSettings settings, DrainThreads threads) {
		this.endpoint = protocol.endpoint();
		this.webSockets = new WebSocketCloser(this.endpoint, settings);
		this.eventStreams = new EventStreamCloser(protocol.streams(), settings.eventStreams());
		this.http2 = new Http2Farewells(threads);
	}

	/**
	 * Tell the clients that are due.
	 * @param look whether to search all connections, or only continue with known ones
	 */
	void step(boolean look) {
		if (look) {
			this.endpoint.forEachConnection((connection) -> {
				this.webSockets.look(connection);
				this.eventStreams.look(connection);
				this.http2.look(connection);
			});
			this.eventStreams.lookAtStreams();
		}
		this.webSockets.step();
	}

	/**
	 * Also tell the HTTP/2 clients whose connection always has a stream.
	 */
	void tellBusy() {
		this.http2.lastCall();
	}

	/**
	 * Tell the remaining clients, because the time has almost passed.
	 */
	void lastCall() {
		this.webSockets.hurry();
		tellBusy();
	}

	/**
	 * Tell an HTTP/2 client whose last stream may have ended. Called by the thread that
	 * has served the stream.
	 */
	void streamEnded(RestartableSocketWrapper connection) {
		this.http2.streamEnded(connection);
	}

}
