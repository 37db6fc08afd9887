package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A frame of RFC 9113.
 *
 * @param type its type
 * @param flags its flags
 * @param streamId its stream, 0 for the connection
 * @param payload its content
 */
@SuppressWarnings("ArrayRecordComponent")
record Http2Frame(int type, int flags, int streamId, byte[] payload) {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int RST_STREAM = 3;

	static final int SETTINGS = 4;

	static final int PING = 6;

	static final int GOAWAY = 7;

	static final int WINDOW_UPDATE = 8;

	static final int CONTINUATION = 9;

	/** The acknowledgement of SETTINGS and PING has the bit that ends a stream. */
	static final int ACK = 0x1;

	static final int END_STREAM = 0x1;

	static final int END_HEADERS = 0x4;

	private static final int PADDED = 0x8;

	private static final int PRIORITY = 0x20;

	private static final int HEADER_LENGTH = 9;

	static Http2Frame read(Wire wire) throws IOException {
		ByteBuffer header = ByteBuffer.wrap(wire.read(HEADER_LENGTH));
		int lengthAndType = header.getInt();
		int flags = header.get() & 0xff;
		int streamId = header.getInt() & Integer.MAX_VALUE;
		return new Http2Frame(lengthAndType & 0xff, flags, streamId, wire.read(lengthAndType >>> 8));
	}

	static Http2Frame ofInt(int type, int streamId, long value) {
		return new Http2Frame(type, 0, streamId, ByteBuffer.allocate(4).putInt((int) value).array());
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	ByteBuffer data() {
		return ByteBuffer.wrap(this.payload);
	}

	/**
	 * Return the payload of DATA or HEADERS without padding and priority.
	 * @return the content
	 */
	byte[] content() {
		int start = 0;
		int end = this.payload.length;
		if (has(PADDED)) {
			start = 1;
			end -= this.payload[0] & 0xff;
		}
		if (this.type == HEADERS && has(PRIORITY)) {
			start += 5;
		}
		return Arrays.copyOfRange(this.payload, start, end);
	}

	byte[] toBytes() {
		return ByteBuffer.allocate(HEADER_LENGTH + this.payload.length)
			.putInt(this.payload.length << 8 | this.type)
			.put((byte) this.flags)
			.putInt(this.streamId)
			.put(this.payload)
			.array();
	}

}
