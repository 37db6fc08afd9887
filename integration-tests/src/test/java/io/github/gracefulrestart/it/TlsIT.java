package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.TrustAll;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections whose keys only the predecessor has: they cannot move, so their clients
 * must be told.
 */
@Isolated
class TlsIT {

	private static SampleService service;

	@BeforeAll
	static void start() {
		service = SampleService.named("tls")
			.args("--spring.profiles.active=tls", SampleService.PATIENT_CONNECTIONS)
			.tls()
			.start();
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@Test
	void whenDrainingThenConnectionsAreToldAndClosedInOrder() throws Exception {
		try (RawHttp asking = service.connect();
				RawHttp idle = service.connect();
				RawHttp busy = service.connect();
				Socket fresh = new Socket(InetAddress.getLoopbackAddress(), service.port());
				HeldSocket early = new HeldSocket(service.port(), 3);
				HeldSocket late = new HeldSocket(service.port(), HeldSocket.FIRST_WRITE);
				EventStreamReader chat = EventStreamReader.open(service.port(), "POST /chat?untilHandover=true&ms=100",
						"application/json, text/event-stream", true)) {
			assertThat(asking.get("/hello").close()).isFalse();
			assertThat(idle.get("/hello").close()).isFalse();
			busy.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			CompletableFuture<String> afterPartOfItsHello = getLater(early);
			CompletableFuture<String> afterItsHello = getLater(late);
			Connections.awaitActive(service, 1);
			SampleService.Restart restart = service.handOver();
			HttpAnswer answer = asking.get("/hello");
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.pid()).isEqualTo(restart.predecessor());
			assertThat(answer.close()).isTrue();
			assertThat(asking.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			busy.write("56789");
			answer = busy.read();
			assertThat(answer.text()).isEqualTo("bytes=10 pid=" + restart.predecessor() + " generation=1");
			assertThat(idle.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			assertThat(busy.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			assertThat(chat.awaitEnd(SampleService.PATIENCE)).isEqualTo(Outcome.OK);
			assertThat(get("/hello", TrustAll.handshake(fresh))).contains("pid=" + restart.predecessor() + " ");
			early.release();
			late.release();
			for (CompletableFuture<String> answerOfHeld : List.of(afterPartOfItsHello, afterItsHello)) {
				assertThat(answerOfHeld.get(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS))
					.contains("pid=" + restart.predecessor() + " ");
			}
			assertThat(service.get("/hello").pid()).isEqualTo(restart.successor());
			service.awaitPredecessorGone(restart);
			// The ones that had sent nothing, and the one that sent a request after the
			// takeover
			assertThat(Fates.of(service, "told")).isEqualTo(4);
			// The request was begun before there was something to tell
			assertThat(Fates.of(service, "closedIdle")).isEqualTo(2);
			assertThat(Fates.of(service, "moved") + Fates.of(service, "cut")).isZero();
		}
	}

	/**
	 * A connection whose client waits for some time after it was accepted.
	 */
	private static String get(String path, SSLSocket socket) throws IOException {
		socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	/**
	 * A TLS handshake that goes on, and a request, when the connection lets it.
	 */
	private static CompletableFuture<String> getLater(HeldSocket socket) throws InterruptedException {
		CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
			try {
				return get("/hello", TrustAll.handshake(socket));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}, (task) -> new Thread(task, "handshake").start());
		socket.awaitHeld();
		return answer;
	}

	/** Otherwise the test above would not prove that there was a close_notify. */
	@Test
	void whenKilledThenEndOfConnectionIsNotInOrder() throws Exception {
		try (SampleService victim = SampleService.named("tls-killed")
			.args("--spring.profiles.active=tls")
			.tls()
			.start(); RawHttp idle = victim.connect()) {
			assertThat(idle.get("/hello").status()).isEqualTo(200);
			victim.process().signal("KILL");
			assertThat(idle.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.RESET);
		}
	}

}
