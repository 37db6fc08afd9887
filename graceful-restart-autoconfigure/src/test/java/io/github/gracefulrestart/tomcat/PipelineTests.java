package io.github.gracefulrestart.tomcat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests behind one another on connections that cannot move: the client is told with
 * the answer to the last of those that have arrived.
 */
class PipelineTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	@TempDir
	Path directory;

	private MovingServer server;

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	private RawHttp connect(boolean tls) throws Exception {
		Consumer<TomcatServletWebServerFactory> unlimited = (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("maxKeepAliveRequests", "-1"));
		this.server = MovingServer.start("server", tls ? unlimited.andThen(TestTls.in(this.directory)) : unlimited);
		return RawHttp.connect(this.server.port(), tls, PATIENCE);
	}

	private void beginDrain() {
		this.server.beginDrain(false);
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
	}

	private static void assertAnswers(RawHttp client, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			HttpAnswer answer = client.read();
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.text()).startsWith("server " + i + " ");
			assertThat(answer.close()).as("answer " + i).isEqualTo(i == count - 1);
		}
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
	}

	/**
	 * More than Tomcat's buffer holds, in one piece, while the first request is being
	 * processed.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRequestsHaveComeBeforeTheDrainThenAllAreAnswered(boolean tls) throws Exception {
		try (RawHttp client = connect(tls)) {
			StringBuilder requests = new StringBuilder(get("/blocked?0"));
			for (int i = 1; i < 1000; i++) {
				requests.append(get("/?" + i));
			}
			client.write(requests.toString());
			await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("0"));
			beginDrain();
			this.server.servlet().release();
			assertAnswers(client, 1000);
			assertThat(this.server.drain().summary()).isEqualTo(new DrainSummary(0, 1, 0, 0, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRequestsComeInPiecesWhileTheFirstIsProcessedThenAllAreAnswered(boolean tls) throws Exception {
		try (RawHttp client = connect(tls)) {
			assertThat(client.get("/").close()).isFalse();
			client.write(get("/blocked?0"));
			await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("0"));
			for (int i = 1; i < 50; i++) {
				client.write(get("/?" + i));
				LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(i));
			}
			beginDrain();
			this.server.servlet().release();
			assertAnswers(client, 50);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRequestsComeTogetherDuringTheDrainThenAllAreAnswered(boolean tls) throws Exception {
		try (RawHttp client = connect(tls)) {
			assertThat(client.get("/").close()).isFalse();
			beginDrain();
			StringBuilder requests = new StringBuilder();
			for (int i = 0; i < 20; i++) {
				requests.append(get("/?" + i));
			}
			client.write(requests.toString());
			assertAnswers(client, 20);
			assertThat(this.server.drain().summary()).isEqualTo(new DrainSummary(0, 1, 0, 0, 0));
		}
	}

	/** Its body cannot be told from a request behind it. */
	@Test
	void whenRequestHasABodyThenItsClientIsToldAtOnce() throws Exception {
		try (RawHttp client = connect(false)) {
			assertThat(client.get("/").close()).isFalse();
			beginDrain();
			client.write("GET /?body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n01234" + get("/?behind"));
			assertThat(client.read().close()).isTrue();
			assertThat(client.awaitEnd(PATIENCE)).isNotEqualTo(ConnectionEnd.OPEN);
			assertThat(this.server.servlet().served()).doesNotContainKey("behind");
		}
	}

}
