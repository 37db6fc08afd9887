package io.github.gracefulrestart.testsupport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * How one request ended. Every request has exactly one outcome; nothing is ever retried.
 * <p>
 * <em>Fresh</em> means the first request of its connection, <em>stale</em> a request on a
 * connection that has answered before (the keep-alive race), <em>mid</em> after the first
 * byte of the answer and before its last.
 */
public enum Outcome {

	/**
	 * A complete answer with a status of the 200 range.
	 */
	OK,

	/**
	 * A complete answer with any other status.
	 */
	NON2XX,

	/**
	 * No process listened.
	 */
	CONNECT_REFUSED,

	/**
	 * Any other error while connecting, a failed TLS handshake included.
	 */
	CONNECT_ERROR,

	/**
	 * A new connection was reset before any byte of the answer.
	 */
	RESET_FRESH,

	/**
	 * A new connection was closed before any byte of the answer.
	 */
	EOF_FRESH,

	/**
	 * A reused connection was reset after the request and before any byte of its answer.
	 */
	STALE_RESET,

	/**
	 * A reused connection was closed after the request and before any byte of its answer.
	 */
	STALE_EOF,

	/**
	 * The connection was reset within the answer.
	 */
	RESET_MID,

	/**
	 * The connection was closed within the answer.
	 */
	EOF_MID,

	/**
	 * The connection was not established in time.
	 */
	TIMEOUT_CONNECT,

	/**
	 * No byte of the answer came in time.
	 */
	TIMEOUT_FIRST_BYTE,

	/**
	 * The answer began but was not complete in time.
	 */
	TIMEOUT_MID,

	/**
	 * Not HTTP, or bytes beyond the end of the answer.
	 */
	BAD_RESPONSE;

	static Outcome answered(int status) {
		return (status >= 200 && status < 300) ? OK : NON2XX;
	}

	static Outcome reset(boolean reused, boolean answerBegun) {
		if (answerBegun) {
			return RESET_MID;
		}
		return reused ? STALE_RESET : RESET_FRESH;
	}

	static Outcome endOfStream(boolean reused, boolean answerBegun) {
		if (answerBegun) {
			return EOF_MID;
		}
		return reused ? STALE_EOF : EOF_FRESH;
	}

	static Outcome timeout(boolean answerBegun) {
		return answerBegun ? TIMEOUT_MID : TIMEOUT_FIRST_BYTE;
	}

	static Outcome connectFailure(IOException failure) {
		for (@Nullable
		Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SocketTimeoutException) {
				return TIMEOUT_CONNECT;
			}
			if (cause instanceof EOFException) {
				return EOF_FRESH;
			}
			if (cause instanceof ConnectException) {
				return mentions(cause, "refused") ? CONNECT_REFUSED : CONNECT_ERROR;
			}
			if (cause instanceof SocketException) {
				return (mentions(cause, "reset") || mentions(cause, "Broken pipe")) ? RESET_FRESH : CONNECT_ERROR;
			}
		}
		return CONNECT_ERROR;
	}

	private static boolean mentions(Throwable failure, String text) {
		String message = failure.getMessage();
		return message != null && message.contains(text);
	}

	/**
	 * Return whether the server's answer arrived completely, whatever its status.
	 * @return whether there was a complete answer
	 */
	public boolean isAnswered() {
		return this == OK || this == NON2XX;
	}

	/**
	 * Return whether a client would call this a failure: anything but {@link #OK}.
	 * @return whether the request failed
	 */
	public boolean isFailure() {
		return this != OK;
	}

}
