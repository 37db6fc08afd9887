package io.github.gracefulrestart.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Reads, in a JVM of its own with a locale of its own, what the kernel would say of a
 * Unix domain socket.
 */
public final class SocketNameProbe {

	private static final short AF_UNIX = 1;

	private SocketNameProbe() {
	}

	/**
	 * Read a path outside of ASCII.
	 * @param args what the path is encoded in
	 */
	public static void main(String[] args) {
		Charset encoding = Charset.forName(args[0]);
		byte[] path = "/run/gr\u00fcn.sock".getBytes(encoding);
		byte[] address = ByteBuffer.allocate(SocketName.MAX_LENGTH)
			.order(ByteOrder.nativeOrder())
			.putShort(AF_UNIX)
			.put(path)
			.array();
		int length = Short.BYTES + path.length + 1;
		Object read = "C".equals(System.getenv("LC_ALL")) ? SocketName.read(address, length)
				: SocketName.read(address, length, encoding);
		byte[] output = String.valueOf(read).getBytes(StandardCharsets.UTF_8);
		System.out.write(output, 0, output.length);
		System.out.flush();
	}

}
