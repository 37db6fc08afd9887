package io.github.gracefulrestart.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class WebSocketClientTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

	private static byte[] frame(int opcode, byte[] payload) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(0x80 | opcode);
		if (payload.length < 126) {
			out.write(payload.length);
		}
		else {
			out.write(126);
			out.write(payload.length >> 8);
			out.write(payload.length);
		}
		out.writeBytes(payload);
		return out.toByteArray();
	}

	private static byte[] text(String text) {
		return frame(1, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Read a frame of the client, whose mask is zero. */
	private static String received(ScriptedServer.Connection connection) throws IOException {
		byte[] head = connection.in().readNBytes(2);
		int length = head[1] & 0x7f;
		if (length == 126) {
			byte[] more = connection.in().readNBytes(2);
			length = (more[0] & 0xff) << 8 | (more[1] & 0xff);
		}
		connection.in().readNBytes(4);
		return (head[0] & 0xf) + " " + new String(connection.in().readNBytes(length), StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 200, 20_000 })
	void exchangesMessages(int length) throws IOException {
		String message = "x".repeat(length);
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			assertThat(connection.request()).contains("Sec-WebSocket-Key: ");
			connection.send(SWITCH + new String(text("welcome"), StandardCharsets.ISO_8859_1));
			connection.send(text(received(connection)));
		}); WebSocketClient client = WebSocketClient.connect(server.port(), "/ws")) {
			assertThat(client.handshake().status()).isEqualTo(101);
			assertThat(client.next(PATIENCE)).isEqualTo("welcome");
			client.send(message);
			assertThat(client.next(PATIENCE)).isEqualTo("1 " + message);
			assertThat(client.isOpen()).isTrue();
		}
	}

	@Test
	void answersPingAndReportsTheClosing() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.send(SWITCH);
			connection.send(frame(9, new byte[] { 'p' }));
			connection.send(text(received(connection)));
			connection.send(frame(8, "\u0003\u00e9restart".getBytes(StandardCharsets.ISO_8859_1)));
			received(connection);
			connection.close();
		}); WebSocketClient client = WebSocketClient.connect(server.port(), "/ws")) {
			assertThat(client.next(PATIENCE)).isEqualTo("10 p");
			assertThat(client.awaitClosing(PATIENCE))
				.isEqualTo(new WebSocketClosing(1001, "restart", ConnectionEnd.EOF));
			assertThat(client.isOpen()).isFalse();
		}
	}

	@Test
	void whenServerResetsThenThereIsNoCode() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.send(SWITCH);
			received(connection);
			connection.reset();
		}); WebSocketClient client = WebSocketClient.connect(server.port(), "/ws")) {
			client.send("go");
			assertThat(client.awaitClosing(PATIENCE)).isEqualTo(new WebSocketClosing(-1, "", ConnectionEnd.RESET));
		}
	}

	@Test
	void whenServerDoesNotSwitchThenFails() throws IOException {
		try (ScriptedServer server = ScriptedServer.start(Fault.STATUS_503.script())) {
			assertThatIOException().isThrownBy(() -> WebSocketClient.connect(server.port(), "/ws"))
				.withMessageContaining("503");
		}
	}

}
