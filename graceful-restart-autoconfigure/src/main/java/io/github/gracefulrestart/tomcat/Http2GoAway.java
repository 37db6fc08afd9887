package io.github.gracefulrestart.tomcat;

import java.nio.ByteBuffer;

/**
 * A GOAWAY frame of a server on its way to the client, see RFC 9113 sections 4.1 and 6.8.
 */
final class Http2GoAway {

	/**
	 * Where the type of a frame stands, behind its length.
	 */
	private static final int TYPE_POSITION = 3;

	private static final int TYPE = 7;

	private Http2GoAway() {
	}

	/**
	 * Return whether what is about to be written, which begins with a frame, begins with
	 * this one. Its length, its type and the rest may be in buffers of their own.
	 */
	static boolean begins(ByteBuffer[] buffers, int offset, int length) {
		int position = TYPE_POSITION;
		for (int i = offset; i < offset + length; i++) {
			ByteBuffer buffer = buffers[i];
			if (buffer.remaining() > position) {
				return buffer.get(buffer.position() + position) == TYPE;
			}
			position -= buffer.remaining();
		}
		return false;
	}

}
