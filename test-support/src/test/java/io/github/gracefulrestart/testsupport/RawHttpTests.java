package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RawHttpTests {

	private static final Duration SOON = Duration.ofMillis(300);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	@ParameterizedTest
	@EnumSource(Fault.class)
	@Execution(ExecutionMode.CONCURRENT)
	void whenPlainConnectionFailsThenSaysHow(Fault fault) throws IOException {
		try (ScriptedServer server = ScriptedServer.start(fault.script());
				RawHttp http = RawHttp.connect(server.port())) {
			assertThat(outcomeAfter(http, fault)).isEqualTo(fault.outcome);
		}
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	@Execution(ExecutionMode.CONCURRENT)
	void whenTlsConnectionFailsThenSaysHow(Fault fault) throws IOException {
		try (ScriptedServer server = ScriptedServer.startTls(fault.script());
				RawHttp http = RawHttp.connectTls(server.port())) {
			assertThat(outcomeAfter(http, fault)).isEqualTo(fault.outcome);
		}
	}

	private static Outcome outcomeAfter(RawHttp http, Fault fault) throws IOException {
		for (int i = 0; i < fault.answersBefore; i++) {
			assertThat(http.get("/").text()).isEqualTo("hello");
		}
		try {
			return Outcome.answered(http.timeout(fault.timeout()).get("/").status());
		}
		catch (RequestFailedException ex) {
			return ex.outcome();
		}
	}

	@Test
	void whenNobodyListensThenConnectionIsRefused() throws IOException {
		int port;
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = listener.getLocalPort();
		}
		assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> RawHttp.connect(port))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.CONNECT_REFUSED));
	}

	@Test
	void whenQueueIsFullThenConnectingTimesOut() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			List<RawHttp> waiting = new ArrayList<>();
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> {
				while (waiting.size() < 10) {
					waiting.add(RawHttp.connect(listener.getLocalPort(), false, SOON));
				}
			}).satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.TIMEOUT_CONNECT));
			waiting.forEach(RawHttp::close);
		}
	}

	@Test
	void whenServerDoesNotSpeakTlsThenConnectingFails() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> connection.send("What is this?\n"))) {
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> RawHttp.connectTls(server.port()))
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.CONNECT_ERROR));
		}
	}

	@Test
	void whenServerResetsWithinTheHandshakeThenThatIsAReset() throws IOException {
		try (ScriptedServer server = ScriptedServer.start(ScriptedServer.Connection::reset)) {
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> RawHttp.connectTls(server.port()))
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.RESET_FRESH));
		}
	}

	@Test
	void whenServerClosesWithinTheHandshakeThenThatIsAnEnd() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.in().readNBytes(5);
			connection.in().readNBytes(connection.in().available());
			connection.close();
		})) {
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> RawHttp.connectTls(server.port()))
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.EOF_FRESH));
		}
	}

	@Test
	void whenThereIsNoRouteThenThatIsAConnectError() {
		assertThat(Outcome.connectFailure(new NoRouteToHostException("No route to host")))
			.isEqualTo(Outcome.CONNECT_ERROR);
	}

	@Test
	void readsPipelinedAnswersOneByOne() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.request();
			connection
				.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n2");
		}); RawHttp http = RawHttp.connect(server.port())) {
			http.writeGet("/1");
			http.writeGet("/2");
			assertThat(http.read().text()).isEqualTo("1");
			HttpAnswer second = http.read();
			assertThat(second.status()).isEqualTo(404);
			assertThat(second.text()).isEqualTo("2");
			assertThat(http.answers()).isEqualTo(2);
		}
	}

	@Test
	void writesRequestsInPieces() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.answer();
		}); RawHttp http = RawHttp.connect(server.port())) {
			http.write("GET / HT");
			assertThat(http.awaitEnd(Duration.ofMillis(20))).isEqualTo(ConnectionEnd.OPEN);
			http.write("TP/1.1\r\n\r\n");
			HttpAnswer answer = http.read();
			assertThat(answer.pid()).isEqualTo(4711);
			assertThat(answer.header("content-LENGTH")).isEqualTo("5");
		}
	}

	@Test
	void postsABody() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.answer();
		}); RawHttp http = RawHttp.connect(server.port())) {
			assertThat(http.post("/", "body".getBytes(StandardCharsets.US_ASCII)).status()).isEqualTo(200);
		}
	}

	@Test
	void whenServerEndsAnIdleConnectionThenSaysHow() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			if (connection.request().startsWith("GET /reset")) {
				connection.reset();
			}
			connection.close();
		}); RawHttp closed = RawHttp.connect(server.port()); RawHttp reset = RawHttp.connect(server.port())) {
			closed.writeGet("/close");
			reset.writeGet("/reset");
			assertThat(closed.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			assertThat(reset.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.RESET);
		}
	}

}
