package io.github.gracefulrestart.handover;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.handover.Message.Welcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FrameTests {

	private static final int VERSION_OFFSET = 4;

	private static final int TYPE_OFFSET = 6;

	private static final int LENGTH_OFFSET = 7;

	static List<Message> messages() {
		return Messages.all();
	}

	@Test
	void messagesOfAllTypesAreTested() {
		assertThat(messages()).extracting(Message::type).containsExactly(Message.Type.values());
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whenDecodedThenIsTheSameMessage(Message message) throws Exception {
		assertThat(decode(Frame.encode(message))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whenCutOffAnywhereThenIsRefusedByName(Message message) {
		byte[] frame = bytes(Frame.encode(message));
		for (int length = Frame.HEADER_LENGTH; length < frame.length; length++) {
			ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(frame, length));
			cut.putInt(LENGTH_OFFSET, length - Frame.HEADER_LENGTH);
			assertThatExceptionOfType(ProtocolException.class).as("%d of %d bytes", length, frame.length)
				.isThrownBy(() -> decode(cut))
				.withMessage("the fields of " + message.type() + " are cut off or garbled");
		}
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whenBytesTrailThenIsRefusedByName(Message message) {
		byte[] frame = bytes(Frame.encode(message));
		ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(frame, frame.length + 3));
		longer.putInt(LENGTH_OFFSET, longer.limit() - Frame.HEADER_LENGTH);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(longer))
			.withMessage("3 bytes too many in " + message.type());
	}

	@Test
	void whenMagicIsWrongThenSaysWhatCameInstead() {
		ByteBuffer frame = ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("the peer does not speak this protocol: its first bytes are 47455420");
	}

	@Test
	void whenVersionIsUnknownThenNamesBothVersions() {
		ByteBuffer frame = Frame.encode(new Welcome(2, List.of()));
		frame.putShort(VERSION_OFFSET, (short) 40_000);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("the peer speaks version 40000 of the protocol, this process version 1");
	}

	@Test
	void whenVersionIsUnknownThenHelloAndRefusedAreStillUnderstood() throws Exception {
		for (Message message : List.of(new Hello("token"), new Refused("version 2 is not spoken here"))) {
			ByteBuffer frame = Frame.encode(message);
			frame.putShort(VERSION_OFFSET, (short) 2);
			assertThat(Frame.decodeHeader(frame.duplicate()).version()).isEqualTo(2);
			assertThat(decode(frame)).isEqualTo(message);
		}
	}

	@Test
	void whenTypeIsUnknownThenNamesIt() {
		ByteBuffer frame = Frame.encode(new Ready());
		frame.put(TYPE_OFFSET, (byte) 200);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("unknown message type 200");
	}

	@Test
	void whenTooLongThenNamesTheLimit() {
		for (int length : new int[] { Frame.MAX_FIELDS_LENGTH + 1, Integer.MAX_VALUE, -1 }) {
			ByteBuffer frame = Frame.encode(new Ready());
			frame.putInt(LENGTH_OFFSET, length);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
				.withMessage("a message of " + Integer.toUnsignedString(length)
						+ " bytes is longer than the 1048576 allowed");
		}
	}

	@Test
	void whenFieldDoesNotFitThenIsNotSent() {
		assertThatIllegalArgumentException().isThrownBy(() -> Frame.encode(new Hello("x".repeat(70_000))))
			.withMessage("a field of HELLO is too long");
	}

	@Test
	void whenFailureIsLongThenIsShortenedToWhatFits() throws Exception {
		Failed failed = new Failed("\u20ac".repeat(100_000), "\u20ac".repeat(100_000));
		assertThat(decode(Frame.encode(failed))).isEqualTo(failed);
		assertThat(failed.reason()).hasSize(16_000);
	}

	@Test
	void tokenIsNotShown() {
		assertThat(new Hello("secret")).hasToString("Hello[token=***]");
	}

	private static Message decode(ByteBuffer frame) throws ProtocolException {
		Frame.Header header = Frame.decodeHeader(frame);
		byte[] fields = new byte[header.length()];
		frame.get(fields);
		return Frame.decodeFields(header, fields);
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

}
