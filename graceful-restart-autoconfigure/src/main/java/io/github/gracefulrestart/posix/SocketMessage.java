package io.github.gracefulrestart.posix;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * A C {@code struct msghdr} with one piece of data and one control message, see recv(2)
 * and cmsg(3).
 * <p>
 * The message class of jnr-posix keeps only the address of its control buffer: the
 * garbage collector frees the buffer while {@code recvmsg} waits, and the kernel then
 * writes into memory that is in other use. Here the buffers live as long as the message.
 */
final class SocketMessage {

	private static final int SOL_SOCKET = 1;

	private static final int SCM_RIGHTS = 1;

	/** The structures consist of words and, padded to words, integers. */
	private static final int WORD = Runtime.getSystemRuntime().addressSize();

	private static final int CONTROL_DATA = WORD + 2 * Integer.BYTES;

	private static final int CONTROL_LENGTH_AT = 5 * WORD;

	private static final int FLAGS_AT = 6 * WORD;

	private final ByteBuffer data;

	private final ByteBuffer vector = allocate(2 * WORD);

	private final ByteBuffer control;

	private final ByteBuffer header = allocate(7 * WORD);

	/** Referred to by the header. */
	private @Nullable ByteBuffer receiver;

	private SocketMessage(ByteBuffer bytes, ByteBuffer control) {
		this.data = bytes.slice();
		this.control = control;
		putWord(this.vector, 0, address(this.data));
		putWord(this.vector, WORD, this.data.remaining());
		putWord(this.header, 2 * WORD, address(this.vector));
		putWord(this.header, 3 * WORD, 1);
		if (control.capacity() > 0) {
			putWord(this.header, 4 * WORD, address(control));
			putWord(this.header, CONTROL_LENGTH_AT, control.capacity());
		}
	}

	/**
	 * Create a message to send.
	 * @param bytes a direct buffer
	 * @param descriptors descriptors to send with it
	 */
	static SocketMessage of(ByteBuffer bytes, List<Integer> descriptors) {
		if (descriptors.isEmpty()) {
			return new SocketMessage(bytes, allocate(0));
		}
		int size = descriptors.size() * Integer.BYTES;
		ByteBuffer control = allocate(controlSpace(size));
		putWord(control, 0, CONTROL_DATA + size);
		control.putInt(WORD, SOL_SOCKET).putInt(WORD + Integer.BYTES, SCM_RIGHTS);
		for (int i = 0; i < descriptors.size(); i++) {
			control.putInt(CONTROL_DATA + i * Integer.BYTES, descriptors.get(i));
		}
		return new SocketMessage(bytes, control);
	}

	/**
	 * Say whom the message is for, where the socket is not connected.
	 * @param address a {@code struct sockaddr}
	 */
	SocketMessage to(byte[] address) {
		this.receiver = allocate(address.length).put(0, address);
		putWord(this.header, 0, address(this.receiver));
		this.header.putInt(WORD, address.length);
		return this;
	}

	/**
	 * Create a message to receive into.
	 * @param bytes a direct buffer
	 * @param maxDescriptors how many descriptors may come with it
	 */
	static SocketMessage receiving(ByteBuffer bytes, int maxDescriptors) {
		return new SocketMessage(bytes, allocate(controlSpace(maxDescriptors * Integer.BYTES)));
	}

	int send(int number, int flags) {
		try {
			return Native.libc().sendmsg(number, this.header, flags);
		}
		finally {
			Reference.reachabilityFence(this);
		}
	}

	int receive(int number, int flags) {
		try {
			return Native.libc().recvmsg(number, this.header, flags);
		}
		finally {
			Reference.reachabilityFence(this);
		}
	}

	int flags() {
		return this.header.getInt(FLAGS_AT);
	}

	/**
	 * Return the descriptors that have been received.
	 */
	List<Descriptor> descriptors() {
		List<Descriptor> found = new ArrayList<>();
		int length = (int) word(this.header, CONTROL_LENGTH_AT);
		for (int at = 0; at + CONTROL_DATA <= length;) {
			int end = at + (int) word(this.control, at);
			if (this.control.getInt(at + WORD) == SOL_SOCKET
					&& this.control.getInt(at + WORD + Integer.BYTES) == SCM_RIGHTS) {
				for (int i = at + CONTROL_DATA; i + Integer.BYTES <= end; i += Integer.BYTES) {
					found.add(new Descriptor(this.control.getInt(i)));
				}
			}
			at = Math.max(at + CONTROL_DATA, align(end));
		}
		return found;
	}

	private static int controlSpace(int size) {
		return align(CONTROL_DATA + size);
	}

	private static int align(int size) {
		return (size + WORD - 1) / WORD * WORD;
	}

	private static ByteBuffer allocate(int size) {
		return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
	}

	private static long address(ByteBuffer buffer) {
		return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
	}

	private static void putWord(ByteBuffer buffer, int at, long value) {
		if (WORD == Long.BYTES) {
			buffer.putLong(at, value);
		}
		else {
			buffer.putInt(at, (int) value);
		}
	}

	private static long word(ByteBuffer buffer, int at) {
		return (WORD == Long.BYTES) ? buffer.getLong(at) : buffer.getInt(at);
	}

}
