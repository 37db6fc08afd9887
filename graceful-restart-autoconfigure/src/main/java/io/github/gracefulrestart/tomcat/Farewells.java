package io.github.gracefulrestart.tomcat;

import io.github.gracefulrestart.host.WebServerSettings;

/**
 * Tells the clients of a connector to go while it drains, each in the words of its
 * protocol. Clients of HTTP/1.1 are told with an answer, which is not decided here.
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
	 * @param threads what may have to wait for clients
	 */
	Farewells(RestartableHttp11NioProtocol protocol, WebServerSettings settings, DrainThreads threads) {
		this.endpoint = protocol.endpoint();
		this.webSockets = new WebSocketCloser(this.endpoint, settings);
		this.eventStreams = new EventStreamCloser(protocol.streams(), settings.eventStreams());
		this.http2 = new Http2Farewells(threads);
	}

	/**
	 * Tell the clients that are to be told now.
	 * @param look whether to look at all connections, or only to go on with what is known
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
	 * Tell also the clients of HTTP/2 whose connection is never without a stream.
	 */
	void tellBusy() {
		this.http2.lastCall();
	}

	/**
	 * Tell the clients that have not been told, for time is nearly up.
	 */
	void lastCall() {
		this.webSockets.hurry();
		tellBusy();
	}

	/**
	 * Tell the client of HTTP/2 whose last stream may have ended. Called by the thread
	 * that has served it.
	 */
	void streamEnded(RestartableSocketWrapper connection) {
		this.http2.streamEnded(connection);
	}

}
