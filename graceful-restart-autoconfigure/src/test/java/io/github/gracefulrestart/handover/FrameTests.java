package io.github.gracefulrestart.handover;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Refused;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.listener.ListenerKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
		assertThat(decode(Frame.encode(Dialect.VERSION, message))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whenCutOffAnywhereThenIsRefusedByName(Message message) {
		byte[] frame = bytes(Frame.encode(Dialect.VERSION, message));
		for (int length = Frame.HEADER_LENGTH; length < frame.length; length++) {
			ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(frame, length));
			cut.putInt(LENGTH_OFFSET, length - Frame.HEADER_LENGTH);
			if (length == frame.length - optionalBytes(message)) {
				continue;
			}
			assertThatExceptionOfType(ProtocolException.class).as("%d of %d bytes", length, frame.length)
				.isThrownBy(() -> decode(cut))
				.withMessage("the fields of " + message.type() + " are cut off or garbled");
		}
	}

	/**
	 * How many bytes a peer leaves out that has never heard of features.
	 */
	private static int optionalBytes(Message message) {
		if (message instanceof Hello) {
			return 2 + 2 + "one".length() + 2 + "two".length();
		}
		return (message instanceof Welcome) ? 2 + 2 + "one".length() : 0;
	}

	@Test
	void whenPeerKnowsNoFeaturesThenIsUnderstood() throws Exception {
		for (Message message : List.of(new Hello("token", List.of()), new Welcome(2, List.of(), List.of()))) {
			byte[] frame = bytes(Frame.encode(Dialect.VERSION, message));
			ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(frame, frame.length - 2));
			cut.putInt(LENGTH_OFFSET, cut.limit() - Frame.HEADER_LENGTH);
			assertThat(decode(cut)).isEqualTo(message);
		}
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whenBytesTrailThenAreIgnored(Message message) throws Exception {
		byte[] frame = bytes(Frame.encode(Dialect.VERSION, message));
		for (byte value : new byte[] { 0, 1, -1 }) {
			byte[] longer = Arrays.copyOf(frame, frame.length + 5);
			Arrays.fill(longer, frame.length, longer.length, value);
			ByteBuffer buffer = ByteBuffer.wrap(longer);
			buffer.putInt(LENGTH_OFFSET, longer.length - Frame.HEADER_LENGTH);
			assertThat(decode(buffer)).isEqualTo(message);
		}
	}

	@Test
	void whenMagicIsWrongThenSaysWhatCameInstead() {
		ByteBuffer frame = ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("the peer does not speak this protocol: its first bytes are 47455420");
	}

	@Test
	void whenVersionIsUnknownThenNamesBothVersions() {
		ByteBuffer frame = Frame.encode(Dialect.VERSION, new Welcome(2, List.of(), List.of()));
		frame.putShort(VERSION_OFFSET, (short) 40_000);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("the peer speaks version 40000 of the protocol, this process version 1");
	}

	@Test
	void whenVersionIsUnknownThenHelloAndRefusedAreStillUnderstood() throws Exception {
		for (Message message : List.of(new Hello("token", List.of()), new Refused("version 2 is not spoken here"))) {
			ByteBuffer frame = Frame.encode(Dialect.VERSION, message);
			frame.putShort(VERSION_OFFSET, (short) 2);
			assertThat(Frame.decodeHeader(frame.duplicate(), Dialect.VERSION).version()).isEqualTo(2);
			assertThat(decode(frame)).isEqualTo(message);
		}
	}

	@Test
	void whenTypeIsUnknownThenNamesItAndBothVersions() {
		ByteBuffer frame = Frame.encode(Dialect.VERSION, new Ready());
		frame.put(TYPE_OFFSET, (byte) 100);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
			.withMessage("unknown message type 100 in version 1 of the protocol; this process speaks version 1");
	}

	@Test
	void whenUnknownTypeMayBeSkippedThenOnlyItsLengthMatters() throws Exception {
		ByteBuffer frame = Frame.encode(Dialect.VERSION, new Refused("reason"));
		frame.put(TYPE_OFFSET, (byte) (Message.Type.SKIPPABLE | 100));
		assertThat(Frame.decodeHeader(frame.duplicate(), Dialect.VERSION))
			.isEqualTo(new Frame.Header(Dialect.VERSION, null, frame.remaining() - Frame.HEADER_LENGTH));
		frame.putShort(VERSION_OFFSET, (short) 2);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Frame.decodeHeader(frame, Dialect.VERSION))
			.withMessage("the peer speaks version 2 of the protocol, this process version 1");
	}

	@Test
	void whenTooLongThenNamesTheLimit() {
		for (int length : new int[] { Frame.MAX_FIELDS_LENGTH + 1, Integer.MAX_VALUE, -1 }) {
			ByteBuffer frame = Frame.encode(Dialect.VERSION, new Ready());
			frame.putInt(LENGTH_OFFSET, length);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame))
				.withMessage("a message of " + Integer.toUnsignedString(length)
						+ " bytes is longer than the 1048576 allowed");
		}
	}

	static List<Message> longMessages() {
		// Three bytes each
		String text = "\u20ac".repeat(100_000);
		ListenerKey listener = new ListenerKey(text, text);
		Map<String, String> entries = new LinkedHashMap<>();
		for (int i = 0; i < 1000; i++) {
			entries.put(i + text, text);
		}
		return List.of(new Hello(text, List.of(text)), new Refused(text),
				new Welcome(1, List.of(listener), List.of(text)), new Failed(text, text),
				new Serving(List.of(listener), 1), new Connections(1, listener, List.of()),
				new Adopted(1, List.of(), text, 1), new Report(entries), new TakeBack(text), new Abort(text));
	}

	@ParameterizedTest
	@MethodSource("longMessages")
	void whenTextsAreLongThenAreShortenedToWhatFits(Message message) throws Exception {
		ByteBuffer frame = Frame.encode(Dialect.VERSION, message);
		assertThat(frame.remaining()).isLessThan(Frame.MAX_FIELDS_LENGTH);
		Message shortened = decode(frame.duplicate());
		assertThat(shortened).isNotEqualTo(message).hasSameClassAs(message);
		assertThat(shortened.toString()).hasSizeLessThan(Frame.MAX_FIELDS_LENGTH);
		// Nothing is cut off that would make it garbled
		assertThat(Frame.encode(Dialect.VERSION, shortened)).isEqualTo(frame);
	}

	@Test
	void tokenIsNotShown() {
		assertThat(new Hello("secret", List.of())).hasToString("Hello[token=***, features=[]]");
	}

	private static Message decode(ByteBuffer frame) throws ProtocolException {
		Frame.Header header = Frame.decodeHeader(frame, Dialect.VERSION);
		byte[] fields = new byte[header.length()];
		frame.get(fields);
		return Frame.decodeFields(header.type(), fields);
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.remaining()];
		buffer.get(bytes);
		return bytes;
	}

}
