package io.github.gracefulrestart.tomcat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Moves while Tomcat has as many connections as it may have, and its acceptor waits for
 * one to end or takes the last place. A thread that moves connections must not wait with
 * it.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	private static final Duration SOON = Duration.ofMillis(5);

	/**
	 * As Tomcat counts: one place is for the connection that its acceptor waits for.
	 */
	private static final int LIMIT = 12;

	private final List<RawHttp> opened = new ArrayList<>();

	private MovingServer first;

	private MovingServer second;

	@AfterEach
	void stop() throws Exception {
		this.opened.forEach(RawHttp::close);
		this.first.close();
		this.second.close();
	}

	private void start(MovingServer predecessor, MovingServer successor) throws Exception {
		this.first = predecessor;
		this.second = successor;
		MovingServer.join(this.first, this.second);
	}

	private static Consumer<TomcatServletWebServerFactory> maxConnections(int limit) {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("maxConnections", String.valueOf(limit)));
	}

	private RawHttp connect(MovingServer server) throws Exception {
		RawHttp client = server.connect();
		this.opened.add(client);
		return client;
	}

	private List<RawHttp> serve(MovingServer server, int count) throws Exception {
		List<RawHttp> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			clients.add(connect(server));
			assertBy(server, clients.get(i).get("/?" + i));
		}
		return clients;
	}

	private static void assertBy(MovingServer server, HttpAnswer answer) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text()).startsWith(server.name() + " ");
	}

	private static void awaitCount(MovingServer server, long count) {
		await().pollInterval(SOON).atMost(PATIENCE).until(() -> server.protocol().getConnectionCount() == count);
	}

	@Test
	void whenAcceptorHasTakenAPlaceThenConnectionsComeBackWithoutWaiting() throws Exception {
		start(MovingServer.start("first", maxConnections(LIMIT)), MovingServer.start("second"));
		List<RawHttp> clients = serve(this.first, LIMIT);
		awaitCount(this.first, LIMIT);
		RawHttp queued = connect(this.first);
		queued.writeGet("/?queued");
		try (MovingServer.Silence silence = new MovingServer.Silence()) {
			ConnectionMover mover = new ConnectionMover(silence.control(), LIMIT, Duration.ofMillis(200), new Ticker());
			this.first.beginDrain(true);
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThatIOException().isThrownBy(() -> mover.step(List.of(this.first.drain()), true)));
			assertThat(this.first.host().connections().total()).isZero();
			// The acceptor's, which waits at the gate with it
			awaitCount(this.first, 1);
			CompletableFuture.runAsync(mover::cancel).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			awaitCount(this.first, LIMIT + 1);
			this.first.cancelDrain();
		}
		for (RawHttp client : clients) {
			HttpAnswer answer = client.get("/?next");
			assertBy(this.first, answer);
			assertThat(answer.close()).isFalse();
		}
		assertBy(this.first, queued.read());
		RawHttp another = connect(this.first);
		another.writeGet("/?another");
		// Back within the limit, Tomcat accepts again
		clients.get(0).close();
		clients.get(1).close();
		assertBy(this.first, another.read());
		this.opened.forEach(RawHttp::close);
		awaitCount(this.first, 1);
	}

	@Test
	void whenSuccessorIsFullThenPredecessorKeepsAndTellsWithoutWaiting(CapturedOutput output) throws Exception {
		start(MovingServer.start("first"), MovingServer.start("second", maxConnections(LIMIT)));
		List<RawHttp> own = serve(this.second, LIMIT);
		awaitCount(this.second, LIMIT);
		RawHttp queued = connect(this.second);
		queued.writeGet("/?queued");
		List<RawHttp> clients = serve(this.first, 5);
		await().atMost(PATIENCE).until(() -> this.first.host().connections().idle() == 5);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> output.toString().contains("5 of 5 connections were not taken over"));
		this.first.stepUntil(() -> this.first.host().connections().idle() == 5);
		for (RawHttp client : clients) {
			HttpAnswer answer = client.get("/?next");
			assertBy(this.first, answer);
			assertThat(answer.close()).isTrue();
		}
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		this.first.cancelDrain();
		assertThat(this.second.protocol().getConnectionCount()).isEqualTo(LIMIT);
		for (RawHttp client : own) {
			assertBy(this.second, client.get("/?next"));
		}
		own.get(0).close();
		assertBy(this.second, queued.read());
		this.opened.forEach(RawHttp::close);
		awaitCount(this.second, 1);
	}

	@Test
	void whenAcceptorTakesTheLastPlacesAtTheSameMomentThenEachClientIsServedByOneOfBoth() throws Exception {
		start(MovingServer.start("first"), MovingServer.start("second", maxConnections(LIMIT)));
		int refusals = 0;
		int moves = 0;
		for (int round = 0; round < 25; round++) {
			List<RawHttp> clients = serve(this.first, 8);
			List<RawHttp> newcomers = new ArrayList<>();
			int offset = round * 31 % 700;
			CompletableFuture<Void> coming = CompletableFuture.runAsync(() -> {
				LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(offset));
				for (int i = 0; i < 8; i++) {
					try {
						newcomers.add(this.second.connect());
						newcomers.get(i).writeGet("/?new");
					}
					catch (Exception ex) {
						throw new IllegalStateException(ex);
					}
				}
			});
			this.first.beginDrain(this.second.capacity());
			this.first.stepUntil(() -> true);
			long moved = this.first.drain().summary().moved();
			this.first.cancelDrain();
			coming.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			this.opened.addAll(newcomers);
			await().pollInterval(SOON)
				.atMost(PATIENCE)
				.until(() -> this.second.protocol().getConnectionCount() <= LIMIT);
			int bySecond = 0;
			for (RawHttp client : clients) {
				HttpAnswer answer = client.get("/?" + round);
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.close()).isFalse();
				bySecond += answer.text().startsWith("second ") ? 1 : 0;
			}
			assertThat(bySecond).isEqualTo((int) moved);
			moves += bySecond;
			refusals += clients.size() - bySecond;
			clients.forEach(RawHttp::close);
			for (RawHttp newcomer : newcomers) {
				assertBy(this.second, newcomer.read());
			}
			newcomers.forEach(RawHttp::close);
			awaitCount(this.first, 1);
			awaitCount(this.second, 1);
		}
		System.out.println(moves + " connections moved, " + refusals + " stayed");
		assertThat(moves).isPositive();
		assertThat(refusals).isPositive();
	}

}
