package io.github.gracefulrestart.it;

import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The ways to ask for a restart, and what is answered. All tests restart the same
 * service.
 */
class TriggerIT {

	private static SampleService service;

	@BeforeAll
	static void start() {
		service = SampleService.named("triggers").start();
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "USR2", "HUP" })
	void whenSignalledThenSuccessorServes(String signal) throws Exception {
		int generation = generation();
		SampleService.Restart restart = service.awaitPredecessorGone(service.handOver(signal));
		assertThat(restart.successor()).isNotEqualTo(restart.predecessor());
		assertThat(service.get("/hello").text())
			.isEqualTo("pid=" + restart.successor() + " generation=" + (generation + 1));
		assertThat(status().<String>read("$.lastRestart.trigger")).isEqualTo("signal " + signal);
		// Otherwise all of these tests would take half as long again
		assertThat(ProcFs.hasMapped(restart.successor(), SampleApplication.get().archive())).isTrue();
	}

	@Test
	void whenPostedThenAcceptedAndASecondTriggerIsRefused() throws Exception {
		int generation = generation();
		SampleService.Pending pending = service.expectRestart();
		long pid = service.pid();
		HttpAnswer answer = service.post("/actuator/reload");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
		DocumentContext accepted = JsonPath.parse(answer.text());
		assertThat(accepted.<Integer>read("$.generation")).isEqualTo(generation + 1);
		assertThat(accepted.<Integer>read("$.pid")).isEqualTo((int) pid);
		int successor = accepted.read("$.successorPid");
		assertThat(accepted.<String>read("$.message")).isNotBlank();
		assertThat(accepted.<String>read("$.status")).isNotBlank();
		HttpAnswer refusal = service.post("/actuator/reload");
		assertThat(refusal.status()).as(refusal.toString()).isEqualTo(409);
		assertThat(JsonPath.<String>read(refusal.text(), "$.message")).contains("under way");
		assertThat(JsonPath.<Integer>read(refusal.text(), "$.generation")).isEqualTo(generation);
		DocumentContext before = status();
		assertThat(before.<String>read("$.state")).isIn("launching", "awaiting-ready");
		assertThat(before.<Integer>read("$.successorPid")).isEqualTo(successor);
		try (RawHttp begun = service.connect()) {
			begun.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			SampleService.Restart restart = pending.awaitHandover();
			assertThat(restart.successor()).isEqualTo(successor);
			DocumentContext meanwhile = status();
			assertThat(meanwhile.<String>read("$.state")).isEqualTo("succeeding");
			assertThat(meanwhile.<Integer>read("$.predecessorPid")).isEqualTo((int) pid);
			assertThat(service.post("/actuator/reload").status()).isEqualTo(409);
			begun.write("56789");
			assertThat(begun.read().text()).startsWith("bytes=10 pid=" + pid + " ");
			service.awaitPredecessorGone(restart);
		}
		// A server hears of the end of a connection a moment later
		await().atMost(SampleService.PATIENCE).until(() -> status().<Integer>read("$.connections.active") == 1);
		DocumentContext after = status();
		assertThat(after.<String>read("$.state")).isEqualTo("serving");
		assertThat(after.<Integer>read("$.generation")).isEqualTo(generation + 1);
		assertThat(after.<Integer>read("$.pid")).isEqualTo(successor);
		assertThat(after.<Map<String, Object>>read("$").get("predecessorPid")).isNull();
		assertThat(after.<List<?>>read("$.listeners")).hasSize(1);
		assertThat(after.<String>read("$.listeners[0].name")).isEqualTo("server");
		assertThat(after.<String>read("$.listeners[0].address")).endsWith(":" + service.port());
		assertThat(after.<Boolean>read("$.listeners[0].accepting")).isTrue();
		assertCompleted(after.read("$.lastRestart"), generation + 1, pid, successor);
		assertThat(after.<List<String>>read("$.lastRestart.phases[*].name")).containsSubsequence("launching",
				"awaiting-ready", "handing-over", "draining");
		assertThat(JsonPath.<Integer>read(service.get("/actuator/info").text(), "$.gracefulRestart.generation"))
			.isEqualTo(generation + 1);
	}

	@Test
	void whenPostedToWaitThenOutcomeIsAnswered() throws Exception {
		int generation = generation();
		SampleService.Pending pending = service.expectRestart();
		HttpAnswer answer = service.post("/actuator/reload?wait=true");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		SampleService.Restart restart = pending.awaitHandover();
		assertThat(answer.pid()).isEqualTo(restart.predecessor());
		assertCompleted(JsonPath.read(answer.text(), "$"), generation + 1, restart.predecessor(), restart.successor());
		service.awaitPredecessorGone(restart);
	}

	private static void assertCompleted(Object report, int generation, long predecessor, long successor) {
		DocumentContext json = JsonPath.parse(report);
		assertThat(json.<String>read("$.outcome")).isEqualTo("completed");
		assertThat(json.<String>read("$.trigger")).isEqualTo("endpoint");
		assertThat(json.<Integer>read("$.generation")).isEqualTo(generation);
		assertThat(json.<Integer>read("$.predecessorPid")).isEqualTo((int) predecessor);
		assertThat(json.<Integer>read("$.successorPid")).isEqualTo((int) successor);
	}

	private static int generation() throws Exception {
		return status().read("$.generation");
	}

	private static DocumentContext status() throws Exception {
		HttpAnswer answer = service.get("/actuator/reload");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		return JsonPath.parse(answer.text());
	}

}
