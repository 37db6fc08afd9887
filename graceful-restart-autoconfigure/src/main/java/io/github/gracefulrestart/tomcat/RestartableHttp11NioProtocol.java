package io.github.gracefulrestart.tomcat;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP/1.1 NIO protocol on a listener that survives a restart. Tomcat creates it
 * by its class name, so it must be public and have a constructor without arguments; there
 * is no other reason to use it directly.
 *
 * @since 0.1.0
 */
public final class RestartableHttp11NioProtocol extends Http11NioProtocol {

	private final RestartableNioEndpoint endpoint;

	/**
	 * Create the protocol with an endpoint of its own.
	 */
	public RestartableHttp11NioProtocol() {
		this(new RestartableNioEndpoint());
	}

	private RestartableHttp11NioProtocol(RestartableNioEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	RestartableNioEndpoint endpoint() {
		return this.endpoint;
	}

}
