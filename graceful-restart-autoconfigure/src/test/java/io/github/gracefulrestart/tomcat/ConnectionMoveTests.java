package io.github.gracefulrestart.tomcat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.management.ObjectName;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.apache.catalina.valves.AccessLogValve;
import org.apache.catalina.valves.RemoteIpValve;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What moves, and what both servers know of it afterwards.
 */
class ConnectionMoveTests extends TwoServers {

	@Test
	void whenHalfARequestHasComeThenItIsFinishedBeforeTheMove() throws Exception {
		start();
		List<RawHttp> clients = connect(3);
		clients.get(0).write("GET /?half HT");
		clients.get(1).write("GET /?head HTTP/1.1\r\nHost: lo");
		awaitActive(2);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> this.first.drain().summary().moved() == 1);
		steps(STEPS);
		assertThat(this.first.host().connections()).isEqualTo(new ConnectionCount(2, 0));
		clients.get(0).write("TP/1.1\r\nHost: localhost\r\n\r\n");
		clients.get(1).write("calhost\r\n\r\n");
		HttpAnswer half = clients.get(0).read();
		assertAnswer(half, this.first, "half");
		assertThat(half.close()).isFalse();
		assertAnswer(clients.get(1).read(), this.first, "head");
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		assertThat(this.first.drain().summary()).isEqualTo(new DrainSummary(3, 0, 0, 0, 0));
		this.first.cancelDrain();
		for (RawHttp client : clients) {
			assertAnswer(client.get("/?next"), this.second, "next");
		}
		assertNothingLost(3);
	}

	@Test
	void whenRequestsArePipelinedBeforeTheMoveThenAllAreAnsweredInOrder() throws Exception {
		start();
		RawHttp client = connect(1).get(0);
		client.write("GET /blocked?0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		for (int i = 1; i < 20; i++) {
			client.write("GET /?" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
		}
		awaitActive(1);
		this.first.beginDrain(this.second.capacity());
		steps(STEPS);
		this.first.servlet().release();
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		this.first.cancelDrain();
		for (int i = 0; i < 20; i++) {
			HttpAnswer answer = client.read();
			assertThat(answer.text()).contains(" " + i + " ");
			assertThat(answer.close()).isFalse();
		}
		assertAnswer(client.get("/?next"), this.second, "next");
	}

	@Test
	void whenConnectionHasCarriedNothingThenItMoves() throws Exception {
		start();
		RawHttp client = connect();
		awaitCounted(1);
		assertThat(this.first.moveAllTo(this.second).moved()).isOne();
		assertAnswer(client.get("/?first"), this.second, "first");
	}

	@Test
	void whenClientsCloseDuringTheMoveThenNothingIsLeftOver() throws Exception {
		start(property("maxKeepAliveRequests", -1));
		List<RawHttp> survivors = connect(4);
		// What a server needs to receive connections, it opens at the first
		this.first.moveAllTo(this.second);
		this.second.moveAllTo(this.first);
		long before = sockets();
		int rounds = 60;
		for (int round = 0; round < rounds; round++) {
			MovingServer from = (round % 2 == 0) ? this.first : this.second;
			MovingServer to = (round % 2 == 0) ? this.second : this.first;
			List<RawHttp> leaving = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				leaving.add(RawHttp.connect(from.port(), false, PATIENCE));
				assertThat(leaving.get(i).get("/").status()).isEqualTo(200);
			}
			int offset = round * 67 % 2000;
			CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < leaving.size(); i++) {
					LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(offset / leaving.size()));
					if (i % 2 == 0) {
						leaving.get(i).abort();
					}
					else {
						leaving.get(i).close();
					}
				}
			});
			DrainSummary summary = from.moveAllTo(to);
			closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(summary.moved()).as(summary.toString()).isGreaterThanOrEqualTo(survivors.size());
			assertThat(summary.cut() + summary.closedIdle()).as(summary.toString()).isZero();
			for (RawHttp survivor : survivors) {
				HttpAnswer answer = survivor.get("/?" + round);
				assertAnswer(answer, to, String.valueOf(round));
				assertThat(answer.close()).as("told to go although only others went").isFalse();
			}
		}
		assertNothingLost(survivors.size());
		// Each of the two may keep one placeholder of a pair
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before + 2));
		// Tomcat's caches hold some of the past; these do not grow with it
		assertThat(liveInstances("io.github.gracefulrestart.tomcat.RestartableSocketWrapper")).isLessThan(rounds);
	}

	@Test
	void whenClientsHaveResetJustBeforeTheMoveThenTheOthersMove() throws Exception {
		start();
		for (int round = 0; round < 5; round++) {
			List<RawHttp> clients = connect(60);
			RawHttp survivor = clients.remove(30);
			clients.forEach(RawHttp::abort);
			DrainSummary summary = this.first.moveAllTo(this.second);
			assertThat(summary.moved() + summary.finished()).as(summary.toString()).isLessThanOrEqualTo(60);
			HttpAnswer answer = survivor.get("/?on");
			assertAnswer(answer, this.second, "on");
			assertThat(answer.close()).isFalse();
			assertNothingLost(round + 1);
		}
	}

	/** Counts what survives a garbage collection. */
	private static long liveInstances(String type) throws Exception {
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return histogram.lines()
			.map(String::strip)
			.filter((line) -> line.endsWith(type) || line.contains(type + " "))
			.mapToLong((line) -> Long.parseLong(line.split("\\s+")[1]))
			.sum();
	}

	// -- what is true afterwards

	@Test
	void whenMovedThenAddressesAreTrue() throws Exception {
		List<Path> logs = new ArrayList<>();
		start((factory) -> {
			AccessLogValve log = new AccessLogValve();
			log.setDirectory(this.directory.toString());
			log.setPrefix("access-" + logs.size());
			log.setSuffix(".log");
			log.setRotatable(false);
			log.setBuffered(false);
			log.setPattern("%a %{remote}p %U %s");
			logs.add(this.directory.resolve("access-" + logs.size() + ".log"));
			factory.addEngineValves(log, new RemoteIpValve());
		});
		RawHttp client = connect();
		String own = "127.0.0.1:" + client.localPort() + " to 127.0.0.1:" + this.first.port();
		assertThat(client.get("/?1").text()).isEqualTo("first 1 " + own);
		for (int i = 0; i < 4; i++) {
			MovingServer from = (i % 2 == 0) ? this.first : this.second;
			MovingServer to = (i % 2 == 0) ? this.second : this.first;
			assertThat(from.moveAllTo(to).moved()).isOne();
			assertThat(client.get("/?2").text()).isEqualTo(to.name() + " 2 " + own);
			client.write("GET /?3 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n");
			assertThat(client.read().text()).startsWith(to.name() + " 3 203.0.113.7:");
		}
		String logged = "127.0.0.1 " + client.localPort() + " / 200";
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(Files.readAllLines(logs.get(0))).contains(logged).hasSize(5);
			assertThat(Files.readAllLines(logs.get(1))).contains(logged).hasSize(4);
		});
	}

	@Test
	void whenMovedThenRequestsAreCountedOn() throws Exception {
		start(property("maxKeepAliveRequests", 6));
		RawHttp client = connect();
		assertThat(client.get("/?1").close()).isFalse();
		assertThat(client.get("/?2").close()).isFalse();
		this.first.moveAllTo(this.second);
		assertThat(client.get("/?3").close()).isFalse();
		this.second.moveAllTo(this.first);
		assertThat(client.get("/?4").close()).isFalse();
		assertThat(client.get("/?5").close()).isFalse();
		this.first.moveAllTo(this.second);
		HttpAnswer last = client.get("/?6");
		assertAnswer(last, this.second, "6");
		assertThat(last.close()).isTrue();
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertNothingLost(0);
	}

	@Test
	void whenRequestsWereNotLimitedBeforeTheMoveThenTheyAreFromThenOn() throws Exception {
		join(MovingServer.start("first", property("maxKeepAliveRequests", -1)),
				MovingServer.start("second", property("maxKeepAliveRequests", 2)));
		RawHttp client = connect();
		for (int i = 0; i < 5; i++) {
			assertThat(client.get("/?" + i).close()).isFalse();
		}
		this.first.moveAllTo(this.second);
		assertThat(client.get("/?6").close()).isFalse();
		assertThat(client.get("/?7").close()).isTrue();
	}

	@Test
	void whenMovedThenTimeWithoutRequestGoesOn() throws Exception {
		start(property("keepAliveTimeout", 2000));
		RawHttp client = connect();
		assertThat(client.get("/").status()).isEqualTo(200);
		long begin = System.nanoTime();
		for (int rest = 1; rest <= 4; rest++) {
			MovingServer from = (rest % 2 == 1) ? this.first : this.second;
			from.moveAllTo((rest % 2 == 1) ? this.second : this.first);
			long until = begin + TimeUnit.MILLISECONDS.toNanos(rest * 100L);
			await().atMost(PATIENCE).until(() -> System.nanoTime() - until >= 0);
		}
		this.first.beginDrain(this.second.capacity());
		List<MovableConnection> taken = new ArrayList<>();
		await().atMost(PATIENCE).until(() -> taken.addAll(this.first.drain().detach(1, true)));
		assertThat(taken.get(0).state().idle()).isGreaterThanOrEqualTo(Duration.ofMillis(400 - 5));
		taken.get(0).keep();
		this.first.cancelDrain();
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2000 - 5));
		assertNothingLost(0);
	}

}
