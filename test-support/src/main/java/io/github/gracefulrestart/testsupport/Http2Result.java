package io.github.gracefulrestart.testsupport;

import java.util.Map;

/**
 * How one HTTP/2 request ended.
 *
 * @param streamId the stream
 * @param ending how it ended
 * @param status the status, or -1 if no headers came
 * @param headers the headers so far, names in lower case
 * @param body the body so far, read as UTF-8
 * @param errorCode with {@link Ending#RESET_STREAM} the code of the server
 */
public record Http2Result(int streamId, Ending ending, int status, Map<String, String> headers, String body,
		long errorCode) {

	/**
	 * Return whether the answer is complete and its status of the 200 range.
	 * @return whether the request succeeded
	 */
	public boolean isOk() {
		return this.ending == Ending.COMPLETE && this.status >= 200 && this.status < 300;
	}

	/**
	 * Return the process that answered.
	 * @return the header {@code x-pid}, or -1
	 */
	public long pid() {
		return Long.parseLong(this.headers.getOrDefault("x-pid", "-1"));
	}

	/**
	 * The ways in which a request can end.
	 */
	public enum Ending {

		/**
		 * The answer is complete.
		 */
		COMPLETE,

		/**
		 * The server reset the stream (RST_STREAM).
		 */
		RESET_STREAM,

		/**
		 * The server's GOAWAY promises that it has not looked at this stream: it may be
		 * repeated elsewhere.
		 */
		UNPROCESSED,

		/**
		 * The connection was closed in an orderly way before the answer was complete.
		 */
		CONNECTION_EOF,

		/**
		 * The connection was reset before the answer was complete.
		 */
		CONNECTION_RESET

	}

}
