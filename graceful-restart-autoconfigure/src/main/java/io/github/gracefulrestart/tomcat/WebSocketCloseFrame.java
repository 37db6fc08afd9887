package io.github.gracefulrestart.tomcat;

import java.nio.ByteBuffer;

/**
 * A close frame of a server on its way to the client, see RFC 6455 sections 5.2 and
 * 5.5.1. Tomcat always says 1001 when it closes by itself.
 */
final class WebSocketCloseFrame {

	/**
	 * Going away.
	 */
	static final int GOING_AWAY = 1001;

	private static final int FINAL_CLOSE = 0x88;

	private static final int HEADER_LENGTH = 2;

	private static final int CODE_LENGTH = 2;

	private WebSocketCloseFrame() {
	}

	/**
	 * Return whether a frame about to be written is a close frame.
	 */
	static boolean isClose(ByteBuffer[] buffers, int offset, int length) {
		for (int i = offset; i < offset + length; i++) {
			ByteBuffer buffer = buffers[i];
			if (buffer.hasRemaining()) {
				return Byte.toUnsignedInt(buffer.get(buffer.position())) == FINAL_CLOSE;
			}
		}
		return false;
	}

	/**
	 * Change the code of a frame about to be written, if it is a close frame with the
	 * code 1001.
	 * @param buffers the frame, possibly with header and content apart
	 * @param offset the first buffer
	 * @param length the number of buffers
	 * @param code the new code
	 */
	static void replaceCode(ByteBuffer[] buffers, int offset, int length, int code) {
		int position = 0;
		int found = 0;
		for (int i = offset; i < offset + length; i++) {
			ByteBuffer buffer = buffers[i];
			for (int at = buffer.position(); at < buffer.limit() && position < HEADER_LENGTH + CODE_LENGTH; at++) {
				int value = Byte.toUnsignedInt(buffer.get(at));
				if (position == 0 && value != FINAL_CLOSE) {
					return;
				}
				if (position >= HEADER_LENGTH) {
					found = (found << Byte.SIZE) | value;
				}
				position++;
			}
		}
		if (position == HEADER_LENGTH + CODE_LENGTH && found == GOING_AWAY) {
			write(buffers, offset, length, code);
		}
	}

	private static void write(ByteBuffer[] buffers, int offset, int length, int code) {
		int position = 0;
		for (int i = offset; i < offset + length; i++) {
			ByteBuffer buffer = buffers[i];
			for (int at = buffer.position(); at < buffer.limit(); at++) {
				if (position == HEADER_LENGTH) {
					buffer.put(at, (byte) (code >> Byte.SIZE));
				}
				else if (position == HEADER_LENGTH + 1) {
					buffer.put(at, (byte) code);
				}
				position++;
			}
		}
	}

}
