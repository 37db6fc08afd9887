package io.github.gracefulrestart.testsupport.client;

/**
 * What a client speaks with a server.
 */
public enum Speaks {

	/** HTTP/1.1. */
	HTTP1("http"),

	/** HTTP/1.1 over TLS. */
	HTTP1_TLS("https"),

	/** HTTP/2 without TLS. */
	H2C("http"),

	/** HTTP/2 over TLS. */
	H2("https");

	private final String scheme;

	Speaks(String scheme) {
		this.scheme = scheme;
	}

	String scheme() {
		return this.scheme;
	}

	boolean isHttp2() {
		return this == H2C || this == H2;
	}

	/**
	 * Return whether it is encrypted.
	 * @return whether the server needs a certificate
	 */
	public boolean isTls() {
		return this == HTTP1_TLS || this == H2;
	}

}
