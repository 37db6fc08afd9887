package io.github.gracefulrestart.host;

/**
 * What happens to event streams when the successor has taken over.
 */
public enum EventStreams {

	/**
	 * Streams whose client reconnects by itself are completed: the responses to GET
	 * requests that accept an event stream, as every {@code EventSource} sends them. All
	 * others, such as the responses to POST requests, run to their end like any other
	 * response.
	 */
	AUTO,

	/**
	 * All streams are completed.
	 */
	COMPLETE,

	/**
	 * All streams run to their end like any other response.
	 */
	FINISH

}
