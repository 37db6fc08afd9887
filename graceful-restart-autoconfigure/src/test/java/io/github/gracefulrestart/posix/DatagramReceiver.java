package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The other end: a Unix domain socket that datagrams arrive at.
 */
public final class DatagramReceiver implements Closeable {

	private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

	private static final int MSG_DONTWAIT = 0x40;

	private final Descriptor socket;

	private DatagramReceiver(Descriptor socket) {
		this.socket = socket;
	}

	/**
	 * Bind a socket.
	 * @param name a path, or a name in the abstract namespace behind a NUL
	 * @return the socket
	 */
	public static DatagramReceiver bind(String name) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		byte[] address = ByteBuffer.allocate(2 + bytes.length)
			.order(ByteOrder.nativeOrder())
			.putShort((short) 1)
			.put(bytes)
			.array();
		Descriptor socket = new Descriptor(CALLS.socket(1, 2, 0));
		DatagramReceiver receiver = new DatagramReceiver(socket);
		assertThat(CALLS.bind(receiver.number(), address, address.length)).isZero();
		return receiver;
	}

	private int number() {
		try {
			return this.socket.number();
		}
		catch (PosixException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Take what has arrived.
	 * @return the first, or {@code null} if nothing has
	 */
	public @Nullable Datagram next() {
		ByteBuffer content = ByteBuffer.allocateDirect(1000);
		SocketMessage message = SocketMessage.receiving(content, 4);
		int length = message.receive(number(), MSG_DONTWAIT);
		return (length >= 0)
				? new Datagram(StandardCharsets.UTF_8.decode(content.limit(length)).toString(), message.descriptors())
				: null;
	}

	@Override
	public void close() {
		this.socket.close();
	}

	/**
	 * What has arrived.
	 *
	 * @param content the bytes
	 * @param descriptors what came with them
	 */
	public record Datagram(String content, List<Descriptor> descriptors) {

	}

	/** See socket(2) and bind(2). */
	public interface Calls {

		int socket(int domain, int type, int protocol);

		int bind(int fd, @In byte[] address, int length);

	}

}
