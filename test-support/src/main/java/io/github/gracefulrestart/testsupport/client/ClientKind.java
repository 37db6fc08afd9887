package io.github.gracefulrestart.testsupport.client;

/**
 * The clients.
 */
public enum ClientKind {

	/** The client of the JDK. */
	JDK,

	/** Apache HttpClient 5, with a thread for each request; HTTP/1.1 only. */
	APACHE,

	/** Apache HttpClient 5 without. */
	APACHE_ASYNC,

	/** OkHttp. */
	OKHTTP,

	/** The client of Reactor Netty. */
	REACTOR_NETTY;

	/**
	 * Return whether the client can speak something.
	 * @param protocol what
	 * @return whether it can
	 */
	public boolean can(Speaks protocol) {
		return this != APACHE || !protocol.isHttp2();
	}

	/**
	 * Create a client. Its classes are needed no earlier.
	 * @param protocol what it is to speak
	 * @return the client
	 */
	public PooledClient create(Speaks protocol) {
		return switch (this) {
			case JDK -> new JdkClient(protocol);
			case APACHE -> new ApacheClient();
			case APACHE_ASYNC -> new ApacheAsyncClient(protocol);
			case OKHTTP -> new OkClient(protocol);
			case REACTOR_NETTY -> new ReactorNettyClient(protocol);
		};
	}

}
