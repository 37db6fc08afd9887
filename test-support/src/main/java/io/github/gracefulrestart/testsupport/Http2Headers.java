package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one HTTP/2 connection, whose compression (RFC 7541) depends on all those
 * before. Guarded by the client.
 */
final class Http2Headers {

	private static final int DEFAULT_TABLE = 4096;

	private final HPackEncoder encoder = new HPackEncoder(DEFAULT_TABLE, StandardCharsets.US_ASCII);

	private final HPackDecoder decoder = new HPackDecoder(DEFAULT_TABLE, StandardCharsets.ISO_8859_1);

	private final ByteArrayOutputStream block = new ByteArrayOutputStream();

	private final String scheme;

	private final String authority;

	private boolean endsStream;

	/**
	 * Create headers.
	 * @param scheme {@code http} or {@code https}
	 * @param authority host and port
	 */
	Http2Headers(String scheme, String authority) {
		this.scheme = scheme;
		this.authority = authority;
	}

	/**
	 * Follow the server's setting.
	 * @param size the most that its table may take
	 */
	void tableSize(long size) {
		this.encoder.setMaxTableSize((int) Math.min(size, DEFAULT_TABLE));
	}

	/**
	 * Return what begins a request.
	 * @param method the method
	 * @param path path and query
	 * @param accept what the client accepts
	 */
	byte[] request(String method, String path, String accept) throws IOException {
		ByteArrayBuffer buffer = new ByteArrayBuffer(256);
		this.encoder.encodeHeader(buffer, ":method", method, false);
		this.encoder.encodeHeader(buffer, ":scheme", this.scheme, false);
		this.encoder.encodeHeader(buffer, ":path", path, false);
		this.encoder.encodeHeader(buffer, ":authority", this.authority, false);
		this.encoder.encodeHeader(buffer, "accept", accept, false);
		return buffer.toByteArray();
	}

	/**
	 * Take a frame with headers, or with more of them.
	 * @param frame the frame
	 * @return the headers, or {@code null} if some are missing
	 */
	@Nullable List<? extends Header> received(Http2Frame frame) throws IOException {
		this.block.writeBytes(frame.content());
		if (frame.type() == Http2Frame.HEADERS) {
			this.endsStream = frame.has(Http2Frame.END_STREAM);
		}
		if (!frame.has(Http2Frame.END_HEADERS)) {
			return null;
		}
		try {
			return this.decoder.decodeHeaders(ByteBuffer.wrap(this.block.toByteArray()));
		}
		catch (HttpException ex) {
			throw new IOException("Headers of stream " + frame.streamId() + " cannot be decoded", ex);
		}
		finally {
			this.block.reset();
		}
	}

	/**
	 * Return whether the stream ends with the headers that were received last.
	 */
	boolean endsStream() {
		return this.endsStream;
	}

}
