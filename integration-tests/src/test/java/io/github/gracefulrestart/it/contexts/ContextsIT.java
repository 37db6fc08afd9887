package io.github.gracefulrestart.it.contexts;

import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several application contexts in one JVM, one after the other and at the same time.
 */
@Lengthy
class ContextsIT {

	@Test
	void whenAContextIsClosedAndRunAgainThenServesAndRestartsInEveryGeneration() throws Exception {
		try (SampleService service = on("contexts-again", "one").start()) {
			for (int generation = 1; generation <= 2; generation++) {
				runAgain(service);
				assertThat(status(service, service.port()))
					.isEqualTo("serving, generation " + generation + ", predecessor null, accepting [true]");
				HttpAnswer answer = service.post("/actuator/reload?wait=true");
				assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
				int next = generation + 1;
				await("generation " + next + " alone").atMost(SampleService.PATIENCE)
					.untilAsserted(() -> assertThat(status(service, service.port()))
						.isEqualTo("serving, generation " + next + ", predecessor null, accepting [true]"));
			}
		}
	}

	/**
	 * The closing of a context cannot be told from the end of the application. The
	 * predecessor still runs, and rolls back.
	 */
	@Test
	void whenAContextIsClosedAndRunAgainOnProbationThenThePredecessorTakesBack() throws Exception {
		try (SampleService service = on("contexts-again-on-probation", "one")
			.args("--graceful.restart.probation=60s", "--graceful.restart.termination-timeout=3s",
					"--graceful.restart.drain-timeout=3s")
			.start()) {
			long predecessor = service.pid();
			service.handOver();
			assertThat(service.post("/again").status()).isEqualTo(200);
			service.process().awaitOutput(LogLines.ROLLED_BACK + ": ", SampleService.PATIENCE);
			await("the end of the successor").atMost(SampleService.PATIENCE)
				.untilAsserted(() -> assertThat(service.process().running()).extracting(ProcessHandle::pid)
					.containsExactly(predecessor));
			assertThat(status(service, service.port()))
				.isEqualTo("serving, generation 1, predecessor null, accepting [true]");
			assertThat(service.get("/context").text()).startsWith(predecessor + "/");
		}
	}

	private static void runAgain(SampleService service) throws Exception {
		String before = service.get("/context").text();
		assertThat(service.post("/again").status()).isEqualTo(200);
		await("another context").atMost(SampleService.PATIENCE)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(service.get("/context").text()).isNotEqualTo(before));
		await("readiness").atMost(SampleService.PATIENCE)
			.untilAsserted(() -> assertThat(service.get("/actuator/health/readiness").status()).isEqualTo(200));
	}

	@Test
	void whenTheParentIsConfiguredTooThenTheWebServerOfTheChildIsHandedOver() throws Exception {
		try (SampleService service = on("contexts-parent", "parent").start()) {
			long first = service.pid();
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
			await("generation 2 alone").atMost(SampleService.PATIENCE)
				.untilAsserted(() -> assertThat(status(service, service.port()))
					.isEqualTo("serving, generation 2, predecessor null, accepting [true]"));
			// The first generation is also told that no other generation runs
			for (long pid : List.of(first, service.pid())) {
				for (String who : List.of("parent", "application")) {
					service.process()
						.awaitOutput(who + ": predecessor of pid " + pid + " has exited", SampleService.PATIENCE);
					assertThat(service.process().output())
						.containsOnlyOnce(who + ": predecessor of pid " + pid + " has exited");
				}
			}
			// Beside the line of the context that has taken over, and not before there is
			// a
			// reason
			assertThat(service.process().output()).contains(LogLines.servesAlone(first, 2))
				.containsSubsequence(LogLines.HANDED_OVER,
						"parent: predecessor of pid " + service.pid() + " has exited");
		}
	}

	/**
	 * A signal is for the one that serves, whichever came first, and a predecessor's
	 * listeners are as well.
	 */
	@Test
	void whenContextsWithoutAWebServerAreBesideOneWithThenASignalRestarts() throws Exception {
		try (SampleService service = on("contexts-beside", "beside").start()) {
			long first = service.pid();
			SampleService.Restart restart = service.restart();
			assertThat(status(service, service.port()))
				.isEqualTo("serving, generation 2, predecessor null, accepting [true]");
			assertThat(service.get("/context").pid()).isEqualTo(restart.successor()).isNotEqualTo(first);
			assertThat(service.process().output()).containsOnlyOnce(LogLines.servesAlone(first, 2));
		}
	}

	@Test
	void whenTwoContextsHaveAWebServerThenEveryRestartIsRefusedByName() throws Exception {
		int second = SampleService.freePort();
		try (SampleService service = on("contexts-two", "two")
			.jvmArgs("-D" + ContextsApplication.SECOND_PORT + "=" + second)
			.args("--graceful.restart.probation=0s")
			.start()) {
			long pid = service.pid();
			await("the second application").atMost(SampleService.PATIENCE)
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(service.request("GET", second, "/actuator/health/readiness").status())
					.isEqualTo(200));
			for (int port : new int[] { service.port(), second }) {
				HttpAnswer answer = service.request("POST", port, "/actuator/reload?wait=true");
				assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
				assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains(
						"2 applications in this JVM have a web server, of which a restart hands over one",
						"(port " + service.port() + ")", "(port " + second + ")");
			}
			service.process().signal(pid, "USR2");
			service.process()
				.awaitOutput(LogLines.refused("signal USR2") + "2 applications in this JVM", SampleService.PATIENCE);
			assertThat(service.process().output()).doesNotContain(LogLines.LAUNCHED);
			assertThat(service.get("/context").pid()).isEqualTo(pid);
			assertThat(service.request("GET", second, "/context").pid()).isEqualTo(pid);
		}
	}

	private static String status(SampleService service, int port) throws Exception {
		String json = service.request("GET", port, "/actuator/reload").text();
		Map<String, Object> status = JsonPath.read(json, "$");
		return status.get("state") + ", generation " + status.get("generation") + ", predecessor "
				+ status.get("predecessorPid") + ", accepting "
				+ JsonPath.<List<Boolean>>read(json, "$.listeners[*].accepting");
	}

	private static SampleService.Builder on(String name, String shape) {
		int port = SampleService.freePort();
		return SampleService.named(name)
			.main(ContextsApplication.class)
			.jvmArgs("-D" + ContextsApplication.SHAPE + "=" + shape)
			.port(port)
			.args("--server.port=" + port);
	}

}
