package io.github.gracefulrestart.handover;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;

/**
 * The form of a message on the wire: the four bytes {@code GRST}, then version (2 bytes),
 * type (1 byte), length of the fields (4 bytes), all big endian, then the fields.
 */
final class Frame {

	/**
	 * The version of the protocol that this library speaks.
	 */
	static final int VERSION = 1;

	static final int HEADER_LENGTH = 11;

	static final int MAX_FIELDS_LENGTH = 1 << 20;

	private static final int MAGIC = 0x47525354;

	private Frame() {
	}

	static ByteBuffer encode(Message message) {
		ByteArrayOutputStream fields = new ByteArrayOutputStream();
		try {
			message.write(new DataOutputStream(fields));
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("a field of " + message.type() + " is too long", ex);
		}
		ByteBuffer frame = ByteBuffer.allocateDirect(HEADER_LENGTH + fields.size());
		frame.putInt(MAGIC);
		frame.putShort((short) VERSION);
		frame.put(message.type().code());
		frame.putInt(fields.size());
		frame.put(fields.toByteArray());
		return frame.flip();
	}

	static Header decodeHeader(ByteBuffer bytes) throws ProtocolException {
		int magic = bytes.getInt();
		int version = Short.toUnsignedInt(bytes.getShort());
		int type = Byte.toUnsignedInt(bytes.get());
		int length = bytes.getInt();
		if (magic != MAGIC) {
			throw new ProtocolException(
					String.format("the peer does not speak this protocol: its first bytes are %08x", magic));
		}
		Message.Type known = Message.Type.of(type);
		boolean stable = known == Message.Type.HELLO || known == Message.Type.REFUSED;
		if (version != VERSION && !stable) {
			throw new ProtocolException(
					"the peer speaks version " + version + " of the protocol, this process version " + VERSION);
		}
		if (known == null) {
			throw new ProtocolException("unknown message type " + type);
		}
		if (length < 0 || length > MAX_FIELDS_LENGTH) {
			throw new ProtocolException("a message of " + Integer.toUnsignedString(length)
					+ " bytes is longer than the " + MAX_FIELDS_LENGTH + " allowed");
		}
		return new Header(version, known, length);
	}

	static Message decodeFields(Header header, byte[] fields) throws ProtocolException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(fields));
		try {
			Message message = header.type().read(in);
			if (in.available() > 0) {
				throw new ProtocolException(in.available() + " bytes too many in " + header.type());
			}
			return message;
		}
		catch (EOFException | UTFDataFormatException ex) {
			throw new ProtocolException("the fields of " + header.type() + " are cut off or garbled");
		}
		catch (ProtocolException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new IllegalStateException("reading from memory does not fail", ex);
		}
	}

	record Header(int version, Message.Type type, int length) {

	}

}
