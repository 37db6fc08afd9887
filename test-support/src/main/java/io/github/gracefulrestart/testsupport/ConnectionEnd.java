package io.github.gracefulrestart.testsupport;

/**
 * How a connection stands, or how the server ended it.
 */
public enum ConnectionEnd {

	/**
	 * It is still open.
	 */
	OPEN,

	/**
	 * The server closed it in an orderly way (FIN).
	 */
	EOF,

	/**
	 * The server reset it (RST).
	 */
	RESET,

	/**
	 * The server sent bytes that nobody had asked for.
	 */
	DATA

}
