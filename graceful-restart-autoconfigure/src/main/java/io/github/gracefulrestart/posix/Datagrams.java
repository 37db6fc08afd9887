package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Sends datagrams to Unix domain sockets, which the JDK cannot: its channels for them are
 * streams only.
 */
public final class Datagrams {

	private static final int AF_UNIX = 1;

	private static final int SOCK_DGRAM = 2;

	private static final int SOCK_CLOEXEC = 0x80000;

	private static final int MSG_NOSIGNAL = 0x4000;

	/** The size of {@code sun_path}, see unix(7). */
	private static final int MAX_NAME = 108;

	private static final char ABSTRACT = '@';

	private Datagrams() {
	}

	/**
	 * Send one datagram. Waits while the receiver's queue is full.
	 * @param receiver an absolute path, or a name in the abstract namespace behind an
	 * {@code @}
	 * @param content the bytes
	 * @param descriptors descriptors that the receiver gets copies of
	 * @throws IOException if it was not sent
	 */
	public static void send(String receiver, byte[] content, List<Integer> descriptors) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(0, content);
		SocketMessage message = SocketMessage.of(bytes, descriptors).to(address(receiver));
		try (Descriptor socket = new Descriptor(
				Native.check(Native.libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket(AF_UNIX)"))) {
			Native.check(message.send(socket.number(), MSG_NOSIGNAL), "sendmsg(" + receiver + ")");
		}
	}

	private static byte[] address(String receiver) throws IOException {
		byte[] name = receiver.getBytes(PlatformText.charset());
		if (receiver.isEmpty() || name.length >= MAX_NAME) {
			throw new IOException("'" + receiver + "' is not an address of a Unix domain socket");
		}
		// A name in the abstract namespace is not terminated
		boolean hidden = receiver.charAt(0) == ABSTRACT;
		ByteBuffer address = ByteBuffer.allocate(Short.BYTES + name.length + (hidden ? 0 : 1))
			.order(ByteOrder.nativeOrder())
			.putShort((short) AF_UNIX)
			.put(name);
		if (hidden) {
			address.put(Short.BYTES, (byte) 0);
		}
		return address.array();
	}

}
