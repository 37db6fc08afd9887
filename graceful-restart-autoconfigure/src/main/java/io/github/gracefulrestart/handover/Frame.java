package io.github.gracefulrestart.handover;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * The form of a message on the wire: the four bytes {@code GRST}, then version (2 bytes),
 * type (1 byte), length of the fields (4 bytes), all big endian, then the fields.
 */
final class Frame {

	static final int HEADER_LENGTH = 11;

	static final int MAX_FIELDS_LENGTH = 1 << 20;

	private static final int MAGIC = 0x47525354;

	private Frame() {
	}

	static ByteBuffer encode(int version, Message message) {
		byte[] fields = fields(message);
		ByteBuffer frame = ByteBuffer.allocateDirect(HEADER_LENGTH + fields.length);
		frame.putInt(MAGIC);
		frame.putShort((short) version);
		frame.put(message.type().code());
		frame.putInt(fields.length);
		frame.put(fields);
		return frame.flip();
	}

	private static byte[] fields(Message message) {
		ByteArrayOutputStream fields = new ByteArrayOutputStream();
		try {
			message.type().layout().writeObject(message, new DataOutputStream(fields));
			return fields.toByteArray();
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("a field of " + message.type() + " is too long", ex);
		}
	}

	/**
	 * Read the header of a message.
	 * @param bytes the bytes of a header
	 * @param spoken the version that the peer is expected to speak
	 * @throws ProtocolException if the fields cannot be read or skipped
	 */
	static Header decodeHeader(ByteBuffer bytes, int spoken) throws ProtocolException {
		int magic = bytes.getInt();
		int version = Short.toUnsignedInt(bytes.getShort());
		int code = Byte.toUnsignedInt(bytes.get());
		int length = bytes.getInt();
		if (magic != MAGIC) {
			throw new ProtocolException(
					String.format("the peer does not speak this protocol: its first bytes are %08x", magic));
		}
		Message.Type type = Message.Type.of(code);
		boolean stable = type == Message.Type.HELLO || type == Message.Type.REFUSED;
		if (version != spoken && !stable) {
			throw new ProtocolException(
					"the peer speaks version " + version + " of the protocol, this process version " + spoken);
		}
		if (type == null && (code & Message.Type.SKIPPABLE) == 0) {
			throw new ProtocolException("unknown message type " + code + " in version " + version
					+ " of the protocol; this process speaks " + Dialect.spoken());
		}
		if (length < 0 || length > MAX_FIELDS_LENGTH) {
			throw new ProtocolException("a message of " + Integer.toUnsignedString(length)
					+ " bytes is longer than the " + MAX_FIELDS_LENGTH + " allowed");
		}
		return new Header(version, type, length);
	}

	/**
	 * Read the fields that this library knows. Others may follow.
	 * @throws ProtocolException if one of them is cut off or garbled
	 */
	static Message decodeFields(Message.Type type, byte[] fields) throws ProtocolException {
		try {
			return type.layout().read(new DataInputStream(new ByteArrayInputStream(fields)));
		}
		catch (EOFException | UTFDataFormatException ex) {
			throw new ProtocolException("the fields of " + type + " are cut off or garbled");
		}
		catch (IOException ex) {
			throw new IllegalStateException("reading from memory does not fail", ex);
		}
	}

	/**
	 * The header of a message.
	 *
	 * @param version the version of the protocol
	 * @param type the type of the message, or {@code null} if it is to be skipped
	 * @param length how many bytes of fields follow
	 */
	record Header(int version, Message.@Nullable Type type, int length) {

	}

}
