package io.github.gracefulrestart.handover;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Refused;

/**
 * Frames that were good before something happened to them.
 */
public final class MutatedFrames {

	/**
	 * All that is ever said of a frame that cannot be understood, as a pattern.
	 */
	public static final String REFUSALS = "(the peer does not speak this protocol: its first bytes are [0-9a-f]{8}"
			+ "|the peer speaks version \\d+ of the protocol, this process version 1"
			+ "|unknown message type \\d+ in version 1 of the protocol; this process speaks version 1"
			+ "|a message of \\d+ bytes is longer than the 1048576 allowed"
			+ "|the fields of [A-Z_]+ are cut off or garbled" + "|the peer was gone in the middle of a message)";

	/**
	 * The length of what stands in front of the fields.
	 */
	public static final int HEADER_LENGTH = Frame.HEADER_LENGTH;

	/**
	 * Where in it the length of the fields is.
	 */
	public static final int LENGTH_OFFSET = 7;

	/**
	 * Where in it the type of the message is.
	 */
	public static final int TYPE_OFFSET = 6;

	private static final List<byte[]> ORIGINALS = Stream
		.concat(Messages.all().stream().map(MutatedFrames::bytes), Stream.of(skippable()))
		.toList();

	private final Random random;

	/**
	 * Create a source of frames.
	 * @param random decides what they are
	 */
	public MutatedFrames(Random random) {
		this.random = random;
	}

	/**
	 * Return the frame of a message as it is.
	 * @param message the message
	 * @return its bytes
	 */
	public static byte[] bytes(Message message) {
		ByteBuffer buffer = Frame.encode(Dialect.VERSION, message);
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

	/**
	 * Return the frame of an unknown message that may be skipped.
	 * @return its bytes
	 */
	public static byte[] skippable() {
		byte[] frame = bytes(new Refused("of a version to come"));
		frame[TYPE_OFFSET] = (byte) (Message.Type.SKIPPABLE | 100);
		return frame;
	}

	/**
	 * Return the frame with which a successor identifies itself.
	 * @param token the token
	 * @return its bytes
	 */
	public static byte[] hello(String token) {
		return bytes(new Hello(token, List.of()));
	}

	/**
	 * Return the frame of any message, as it should be.
	 * @return its bytes
	 */
	public byte[] original() {
		return ORIGINALS.get(this.random.nextInt(ORIGINALS.size())).clone();
	}

	/**
	 * Return any frame, with some damage.
	 * @return its bytes, possibly none
	 */
	public byte[] next() {
		return mutate(original());
	}

	/**
	 * Return one or several frames behind one another, the last of them damaged.
	 * @param first the bytes in front
	 * @return all bytes
	 */
	public byte[] sequence(byte[] first) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(first);
		for (int i = this.random.nextInt(3); i > 0; i--) {
			bytes.writeBytes(original());
		}
		bytes.writeBytes(next());
		return bytes.toByteArray();
	}

	/**
	 * Damage a frame.
	 * @param original a good frame
	 * @return its bytes, possibly none
	 */
	public byte[] mutate(byte[] original) {
		byte[] frame = original.clone();
		int kind = this.random.nextInt(7);
		if (kind == 0) {
			frame[this.random.nextInt(frame.length)] = (byte) this.random.nextInt();
		}
		else if (kind == 1) {
			frame[this.random.nextInt(Frame.HEADER_LENGTH)] ^= (byte) (1 << this.random.nextInt(8));
		}
		else if (kind == 2) {
			frame = Arrays.copyOf(frame, this.random.nextInt(frame.length));
		}
		else if (kind == 3) {
			frame = grow(frame, 1 + this.random.nextInt(20));
		}
		else if (kind == 4) {
			int length = this.random.nextInt(frame.length - Frame.HEADER_LENGTH + 1);
			frame = resize(frame, Frame.HEADER_LENGTH + length);
		}
		else if (kind == 5) {
			ByteBuffer.wrap(frame).putInt(LENGTH_OFFSET, this.random.nextInt());
		}
		else {
			this.random.nextBytes(frame);
		}
		return frame;
	}

	/**
	 * Something stands between the fields, where it is not to be ignored as it is behind
	 * them.
	 */
	private byte[] grow(byte[] frame, int more) {
		byte[] result = resize(frame, frame.length + more);
		int place = Frame.HEADER_LENGTH + this.random.nextInt(frame.length - Frame.HEADER_LENGTH + 1);
		for (int i = frame.length - 1; i >= place; i--) {
			result[i + more] = result[i];
		}
		for (int i = place; i < place + more; i++) {
			result[i] = (byte) this.random.nextInt();
		}
		return result;
	}

	/**
	 * The header still says the truth about the length.
	 */
	private static byte[] resize(byte[] frame, int length) {
		byte[] result = Arrays.copyOf(frame, length);
		ByteBuffer.wrap(result).putInt(LENGTH_OFFSET, length - Frame.HEADER_LENGTH);
		return result;
	}

}
