package io.github.gracefulrestart.host;

/**
 * What becomes of event streams when the successor has taken over.
 */
public enum EventStreams {

	/**
	 * Those whose client asks again by itself are completed: the answers to GET requests
	 * that accept an event stream, as every {@code EventSource} sends them. All others,
	 * such as the answers to POST requests, are finished like any other answer.
	 */
	AUTO,

	/**
	 * All are completed.
	 */
	COMPLETE,

	/**
	 * All are finished like any other answer.
	 */
	FINISH

}
