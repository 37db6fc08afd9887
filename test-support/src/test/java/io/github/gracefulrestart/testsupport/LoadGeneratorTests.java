package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LoadGeneratorTests {

	private static final Duration SOON = Duration.ofMillis(300);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static void serve(ScriptedServer.Connection connection) throws IOException {
		while (true) {
			connection.request();
			connection.answer();
		}
	}

	private static ScriptedServer server(boolean tls, ScriptedServer.Script script) throws IOException {
		return tls ? ScriptedServer.startTls(script) : ScriptedServer.start(script);
	}

	private static LoadReport run(boolean tls, LoadSettings settings) {
		return LoadGenerator.start(tls ? settings.tls() : settings).await(PATIENCE);
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	@Execution(ExecutionMode.CONCURRENT)
	void whenPlainRequestFailsThenCountsItOnceAndInItsColumn(Fault fault) throws IOException {
		countsFault(false, fault);
	}

	@ParameterizedTest
	@EnumSource(Fault.class)
	@Execution(ExecutionMode.CONCURRENT)
	void whenTlsRequestFailsThenCountsItOnceAndInItsColumn(Fault fault) throws IOException {
		countsFault(true, fault);
	}

	private void countsFault(boolean tls, Fault fault) throws IOException {
		int each = fault.answersBefore + 1;
		try (ScriptedServer server = server(tls, fault.script())) {
			LoadReport report = run(tls,
					LoadSettings.keepAlive(server.port(), 1).requests(each).timeout(fault.timeout()));
			assertThat(report.requests()).isEqualTo(each);
			assertThat(report.count(fault.outcome)).isEqualTo(1);
			assertThat(report.failures()).isEqualTo((fault != Fault.NONE) ? 1 : 0);
			assertThat(report.failuresByKind()).isEqualTo((fault != Fault.NONE) ? Map.of(fault.outcome, 1L) : Map.of());
			assertThat(server.connections()).as("nothing is retried").isEqualTo(1);
			assertThat(report.connectionsOpened()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenFaultsRepeatThenGoesOnWithNewConnections(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, Fault.END_OF_A_USED_CONNECTION.script())) {
			LoadReport report = run(tls, LoadSettings.keepAlive(server.port(), 1).requests(10));
			assertThat(report.ok()).isEqualTo(5);
			assertThat(report.failuresByKind()).isEqualTo(Map.of(Outcome.STALE_EOF, 5L));
			assertThat(report.connectionsOpened()).isEqualTo(5);
			assertThat(report.reconnects()).isEqualTo(4);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenNobodyListensThenCountsRefusals(boolean tls) throws IOException {
		int port;
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = listener.getLocalPort();
		}
		LoadReport report = run(tls, LoadSettings.close(port, 2).requests(6));
		assertThat(report.failuresByKind()).isEqualTo(Map.of(Outcome.CONNECT_REFUSED, 6L));
		assertThat(report.latencies().count()).isZero();
	}

	@Test
	void whenQueueIsFullThenCountsConnectTimeouts() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket first = new Socket(listener.getInetAddress(), listener.getLocalPort());
				Socket second = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
			assertThat(first.isConnected() && second.isConnected()).isTrue();
			LoadReport report = run(false, LoadSettings.close(listener.getLocalPort(), 3).requests(3).timeout(SOON));
			assertThat(report.failuresByKind()).isEqualTo(Map.of(Outcome.TIMEOUT_CONNECT, 3L));
		}
	}

	@Test
	void whenBytesFollowTheAnswerThenItIsBad() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore");
		})) {
			LoadReport report = run(false, LoadSettings.keepAlive(server.port(), 1).requests(1));
			assertThat(report.failuresByKind()).isEqualTo(Map.of(Outcome.BAD_RESPONSE, 1L));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenServerClosesAnIdleConnectionThenThatIsNoFailure(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, (connection) -> {
			connection.request();
			connection.answer();
			connection.close();
		})) {
			LoadReport report = run(tls, LoadSettings.idle(server.port(), 2, Duration.ofMillis(100)).requests(10));
			assertThat(report.ok()).isEqualTo(10);
			assertThat(report.idleClosed()).isBetween(8L, 10L);
			assertThat(report.reconnects()).isEqualTo(8);
			assertThat(report.toldClose()).isZero();
		}
	}

	@Test
	void whenNextRequestWasNearlyDueThenCountsTheCloseAsLate() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.answer();
			connection.close();
		})) {
			LoadReport often = run(false, LoadSettings.idle(server.port(), 1, Duration.ofMillis(10)).requests(50));
			assertThat(often.idleClosedLate()).isBetween(1L, often.idleClosed());
			LoadReport seldom = run(false, LoadSettings.idle(server.port(), 1, Duration.ofMillis(200)).requests(3));
			assertThat(seldom.idleClosedLate()).isZero();
		}
	}

	@Test
	void whenServerResetsAnIdleConnectionThenThatIsNoFailure() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			connection.answer();
			connection.reset();
		})) {
			LoadReport report = run(false, LoadSettings.idle(server.port(), 1, Duration.ofMillis(100)).requests(5));
			assertThat(report.ok()).isEqualTo(5);
			assertThat(report.idleClosed()).isBetween(4L, 5L);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenServerSaysThatItClosesThenReconnects(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, (connection) -> {
			connection.request();
			connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
			connection.close();
		})) {
			LoadReport report = run(tls, LoadSettings.keepAlive(server.port(), 1).requests(5));
			assertThat(report.failures()).isZero();
			assertThat(report.toldClose()).isEqualTo(5);
			assertThat(report.idleClosed()).isZero();
			assertThat(report.connectionsOpened()).isEqualTo(5);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void closeModeOpensAConnectionForEachRequest(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, (connection) -> {
			assertThat(connection.request()).contains("Connection: close");
			connection.answer();
			connection.close();
		})) {
			LoadReport report = run(tls, LoadSettings.close(server.port(), 3).requests(30));
			assertThat(report.ok()).isEqualTo(30);
			assertThat(report.connectionsOpened()).isEqualTo(30);
			assertThat(report.samples().noneMatch(Sample::reused)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void keepAliveModeReusesConnections(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, LoadGeneratorTests::serve)) {
			LoadReport report = run(tls, LoadSettings.keepAlive(server.port(), 3).requests(300));
			assertThat(report.ok()).isEqualTo(300);
			assertThat(report.connectionsOpened()).isEqualTo(3);
			assertThat(report.reconnects()).isZero();
			assertThat(report.samples().filter((sample) -> !sample.reused()).count()).isEqualTo(3);
			assertThat(report.served()).containsOnlyKeys(4711L);
			assertThat(report.served().get(4711L).answers()).isEqualTo(300);
			assertThat(report.latencies().p50()).isPositive().isLessThanOrEqualTo(report.latencies().p99());
			assertThat(report).asString().contains("300 ok, 0 failed", "pid 4711");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sendsAtAFixedRate(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, LoadGeneratorTests::serve)) {
			LoadReport report = run(tls, LoadSettings.keepAlive(server.port(), 4).rate(200).requests(100));
			assertThat(report.ok()).isEqualTo(100);
			assertThat(Duration.ofNanos(report.ended() - report.started())).isBetween(Duration.ofMillis(480),
					Duration.ofMillis(1500));
			assertThat(report.unsent()).isZero();
		}
	}

	@Test
	void whenServerStallsThenLatencyRunsFromTheDueTimeAndTheGapIsSeen() throws IOException {
		AtomicInteger requests = new AtomicInteger();
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			while (true) {
				connection.request();
				if (requests.incrementAndGet() == 10) {
					Poll.until(Duration.ofMillis(500), () -> false);
				}
				connection.answer();
			}
		})) {
			LoadReport report = run(false, LoadSettings.keepAlive(server.port(), 1).rate(100).requests(30));
			assertThat(report.ok()).isEqualTo(30);
			assertThat(report.latencies().max()).isGreaterThan(Duration.ofMillis(450));
			assertThat(report.latencies().percentile(70)).isGreaterThan(Duration.ofMillis(100));
			TimeWindow gap = report.longestGap();
			assertThat(Duration.ofNanos(gap.to() - gap.from())).isGreaterThan(Duration.ofMillis(450));
			assertThat(report.latenciesWithin(List.of(gap)).max()).isGreaterThan(Duration.ofMillis(450));
			assertThat(report.latenciesWithin(List.of(gap)).count() + report.latenciesOutside(List.of(gap)).count())
				.isEqualTo(30);
		}
	}

	@Test
	void whenStoppedThenRequestsInFlightAreCompleted() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.request();
			Poll.until(Duration.ofMillis(300), () -> false);
			connection.answer();
		})) {
			LoadGenerator load = LoadGenerator.start(LoadSettings.close(server.port(), 3).path("/slow"));
			Poll.until(PATIENCE, () -> server.connections() == 3);
			LoadReport report = load.stop();
			assertThat(report.ok()).isEqualTo(3);
			assertThat(report.failures()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void uploadsTakeTheirTime(boolean tls) throws IOException {
		try (ScriptedServer server = server(tls, LoadGeneratorTests::serve)) {
			LoadReport report = run(tls,
					LoadSettings.keepAlive(server.port(), 2).upload(1_000_000, Duration.ofMillis(200)).requests(4));
			assertThat(report.ok()).isEqualTo(4);
			assertThat(report.latencies().p50()).isBetween(Duration.ofMillis(170), Duration.ofSeconds(2));
		}
	}

	@Test
	void whenUploadIsRefusedEarlyThenTheAnswerCounts() throws IOException {
		try (ScriptedServer server = ScriptedServer.start((connection) -> {
			connection.in().readNBytes(20);
			connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
		})) {
			LoadReport report = run(false,
					LoadSettings.keepAlive(server.port(), 1).upload(10_000, Duration.ofSeconds(5)).requests(2));
			assertThat(report.failuresByKind()).isEqualTo(Map.of(Outcome.NON2XX, 2L));
			assertThat(report.connectionsOpened()).as("a connection with half a request is of no use").isEqualTo(2);
		}
	}

	@Test
	void waitsForRequests() throws IOException {
		try (ScriptedServer server = ScriptedServer.start(LoadGeneratorTests::serve);
				LoadGenerator load = LoadGenerator.start(LoadSettings.keepAlive(server.port(), 1))) {
			assertThat(load.awaitRequests(50, PATIENCE).requests()).isGreaterThanOrEqualTo(50);
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> load.awaitRequests(Long.MAX_VALUE, Duration.ofMillis(10)));
			assertThat(load.stop().failures()).isZero();
		}
	}

	@Test
	void runsSeveralLoadsAtOnce() throws IOException {
		try (ScriptedServer server = ScriptedServer.start(LoadGeneratorTests::serve);
				MixedLoad load = MixedLoad.start(LoadSettings.close(server.port(), 2),
						LoadSettings.idle(server.port(), 5, Duration.ofMillis(50)),
						LoadSettings.keepAlive(server.port(), 1).name("upload").upload(1000, Duration.ZERO))) {
			MixedReport report = load.awaitRequests(20, PATIENCE).stop();
			assertThat(report.byName()).containsOnlyKeys("close", "idle", "upload");
			assertThat(report.total().failures()).isZero();
			assertThat(report.total().requests()).isEqualTo(
					report.get("close").requests() + report.get("idle").requests() + report.get("upload").requests());
			assertThat(report.get("idle").connectionsOpened()).isEqualTo(5);
		}
	}

}
