package io.github.gracefulrestart.it.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Fates;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.MixedReport;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Plain HTTP/1.1: no client notices.
 */
@Isolated
class MigrationIT {

	private static final int BUSY = 8;

	private static final int IDLE = 100;

	@Test
	void whenRestartedThenNoConnectionIsClosedOrTold() throws Exception {
		restart("migration", 3);
	}

	@Test
	@Tag("exhaustive")
	void whenRestartedTenTimesThenNoConnectionIsClosedOrTold() throws Exception {
		restart("migration-ten-times", 10);
	}

	private static void restart(String directory, int restarts) throws Exception {
		try (SampleService service = SampleService.named(directory)
			.args("--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.keep-alive-timeout=10m",
					"--graceful.restart.generation-header=X-Generation")
			.start();
				SteadyClient client = new SteadyClient(service);
				RawHttp silent = service.connect();
				MixedLoad load = load(service)) {
			load.awaitRequests(2, SampleService.PATIENCE);
			assertThat(silent.get("/hello").header("X-Generation")).isEqualTo("1");
			List<Long> pids = new ArrayList<>(List.of(service.pid()));
			for (int i = 0; i < restarts; i++) {
				SampleService.Restart restart = service.restart();
				pids.add(restart.successor());
				await().atMost(SampleService.PATIENCE)
					.untilAsserted(() -> assertThat(client.pids()).containsExactlyElementsOf(pids));
			}
			assertReported(service, restarts + 1);
			HttpAnswer answer = silent.get("/hello");
			assertThat(answer.pid()).isEqualTo(pids.get(restarts));
			assertThat(answer.header("X-Generation")).isEqualTo(String.valueOf(restarts + 1));
			assertThat(answer.close()).isFalse();
			MixedReport report = load.stop();
			System.out.println(report);
			System.out.println("One connection: " + client.stop() + " answers by " + client.pids());
			assertThat(report.byName()).as(report.toString()).allSatisfy((name, part) -> {
				assertThat(part.failuresByKind()).isEmpty();
				assertThat(part.unsent()).isZero();
				assertThat(part.toldClose()).isZero();
				assertThat(part.idleClosed()).isZero();
				assertThat(part.reconnects()).isZero();
				assertThat(part.served()).containsOnlyKeys(pids);
			});
		}
	}

	/**
	 * The predecessor of the last generation had all connections of the load, the steady
	 * client and the silent one; only requests for the reports come on top of these.
	 */
	private static void assertReported(SampleService service, int generation) throws Exception {
		String reload = service.get("/actuator/reload").text();
		int kept = BUSY + IDLE + 2;
		assertThat(JsonPath.<String>read(reload, "$.lastRestart.outcome")).as(reload).isEqualTo("completed");
		assertThat(Fates.of(service, "moved")).isEqualTo(kept);
		assertThat(Fates.of(service, "told")).isZero();
		assertThat(Fates.of(service, "closedIdle")).isZero();
		assertThat(Fates.of(service, "cut")).isZero();
		assertThat(JsonPath.<Integer>read(service.get("/actuator/info").text(), "$.gracefulRestart.generation"))
			.isEqualTo(generation);
		assertThat(JsonPath.<List<String>>read(service.get("/actuator/metrics/jvm.threads.live").text(),
				"$.availableTags[?(@.tag == 'generation')].values[0]"))
			.containsExactly(String.valueOf(generation));
		assertThat(service.process().output()).contains(" ms (connections: " + kept + " moved, 0 told, ");
	}

	/** Otherwise the test above would not prove that the load notices. */
	@Test
	void whenConnectionsAreNotToMoveThenClientsAreTold() throws Exception {
		try (SampleService service = SampleService.named("migration-off")
			.args("--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.keep-alive-timeout=10m",
					"--graceful.restart.connections=close")
			.start(); MixedLoad load = load(service)) {
			load.awaitRequests(2, SampleService.PATIENCE);
			// The idle ones open one after the other
			await().atMost(SampleService.PATIENCE)
				.untilAsserted(() -> assertThat(connections(service)).isGreaterThan(BUSY + IDLE));
			service.restart();
			MixedReport report = load.stop();
			assertThat(report.get("keepalive").toldClose()).as(report.toString()).isEqualTo(BUSY);
			assertThat(report.get("keepalive").reconnects()).as(report.toString()).isEqualTo(BUSY);
			assertThat(report.byName()).as(report.toString())
				.allSatisfy((name, part) -> assertThat(part.failuresByKind()).isEmpty());
			assertThat(Fates.of(service, "told")).as(report.toString())
				.isEqualTo(report.get("keepalive").toldClose() + report.get("idle").toldClose());
			assertThat(Fates.of(service, "closedIdle")).as(report.toString())
				.isEqualTo(BUSY + IDLE - Fates.of(service, "told"));
			assertThat(Fates.of(service, "moved") + Fates.of(service, "cut")).isZero();
		}
	}

	/** The one that asks included. */
	private static int connections(SampleService service) throws Exception {
		String reload = service.get("/actuator/reload").text();
		return JsonPath.<Integer>read(reload, "$.connections.active")
				+ JsonPath.<Integer>read(reload, "$.connections.idle");
	}

	private static MixedLoad load(SampleService service) {
		return MixedLoad.start(LoadSettings.keepAlive(service.port(), BUSY).rate(200),
				LoadSettings.idle(service.port(), IDLE, Duration.ofSeconds(2)));
	}

}
