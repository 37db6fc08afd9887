package io.github.gracefulrestart.process;

import java.nio.charset.Charset;

/**
 * A stream that keeps the last bytes that were written to it.
 */
final class OutputTail {

	private static final int CAPACITY = 8192;

	private final byte[] ring = new byte[CAPACITY];

	private long written;

	synchronized void append(byte[] bytes, int length) {
		for (int i = Math.max(0, length - CAPACITY); i < length; i++) {
			this.ring[(int) ((this.written + i) % CAPACITY)] = bytes[i];
		}
		this.written += length;
	}

	@Override
	public synchronized String toString() {
		int length = (int) Math.min(this.written, CAPACITY);
		byte[] tail = new byte[length];
		for (int i = 0; i < length; i++) {
			tail[i] = this.ring[(int) ((this.written - length + i) % CAPACITY)];
		}
		return new String(tail, Charset.defaultCharset());
	}

}
