package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class EventStreamReaderTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String HEAD = "HTTP/1.1 200 OK\r\nX-Pid: 4711\r\nTransfer-Encoding: chunked\r\n\r\n";

	private static String chunk(String text) {
		return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
	}

	@Test
	void readsEventsToTheOrderlyEnd() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			assertThat(connection.request()).contains("Accept: text/event-stream");
			connection.send(HEAD + chunk("id: 1\nevent: tick\ndata: one\ndata: more\n\n: a comment\n\nda"));
			connection.send(chunk("ta:two\n\n"));
			connection.send("0\r\n\r\n");
		}); EventStreamReader events = EventStreamReader.open(server.port(), "/events")) {
			assertThat(events.pid()).isEqualTo(4711);
			assertThat(events.next(PATIENCE)).isEqualTo(new ServerSentEvent("1", "tick", "one\nmore"));
			assertThat(events.next(PATIENCE)).isEqualTo(new ServerSentEvent("1", "", "two"));
			assertThat(events.awaitEnd(PATIENCE)).isEqualTo(Outcome.OK);
			assertThat(events.isOpen()).isFalse();
			assertThat(events.next(Duration.ZERO)).isNull();
		}
	}

	@Test
	void whenStreamBreaksOffThenSaysHow() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			boolean reset = connection.request().startsWith("GET /reset");
			connection.send(HEAD + chunk("data: one\n\n"));
			if (reset) {
				connection.reset();
			}
			connection.close();
		});
				EventStreamReader closed = EventStreamReader.open(server.port(), "/close");
				EventStreamReader reset = EventStreamReader.open(server.port(), "/reset")) {
			assertThat(closed.awaitEnd(PATIENCE)).isEqualTo(Outcome.EOF_MID);
			assertThat(reset.awaitEnd(PATIENCE)).isEqualTo(Outcome.RESET_MID);
		}
	}

	@Test
	void whenThereIsNoStreamThenFails() throws IOException {
		try (ScriptedServer server = ScriptedServer.start(Fault.STATUS_503.script())) {
			assertThatIOException().isThrownBy(() -> EventStreamReader.open(server.port(), "/events"))
				.withMessageContaining("503");
		}
	}

}
