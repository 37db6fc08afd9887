package io.github.gracefulrestart.handover;

import java.io.IOException;

/**
 * The peer sent something that the protocol does not allow, or stopped in the middle of a
 * message. The connection is of no further use.
 */
public final class ProtocolException extends IOException {

	private static final long serialVersionUID = 1L;

	ProtocolException(String message) {
		super(message);
	}

}
