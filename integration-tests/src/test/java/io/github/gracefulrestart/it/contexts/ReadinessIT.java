package io.github.gracefulrestart.it.contexts;

import java.nio.file.Files;
import java.nio.file.Path;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications with a runner that does not return, so that Spring Boot never calls them
 * ready.
 */
class ReadinessIT {

	@Test
	void whenTheApplicationPublishesItsReadinessThenRestartsAndOtherwiseTheSuccessorSaysWhatIsMissing()
			throws Exception {
		SampleService.Builder builder = on("readiness-published");
		Path configuration = Files.writeString(builder.directory().resolve("application.properties"),
				"it.runner=publishes\n");
		try (SampleService service = builder.start()) {
			service.restart();
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			await("generation 3 alone").atMost(SampleService.PATIENCE)
				.untilAsserted(
						() -> assertThat(JsonPath.<String>read(service.get("/actuator/reload").text(), "$.state"))
							.isEqualTo("serving"));

			long pid = service.pid();
			Files.writeString(configuration, "it.runner=blocks\ngraceful.restart.startup-timeout=4s\n");
			SampleService.Pending pending = service.beginRestart();
			pending.awaitOutput("This application is not ready for restarts after 2 s: runner \"consumer\" has not "
					+ "returned for ");
			assertThat(service.process().output()).doesNotContain(LogLines.takenOver(4));
			assertThat(service.get("/context").pid()).isEqualTo(pid);
		}
	}

	@Test
	void whenARunnerDoesNotReturnThenEveryRestartIsRefusedWithItsName() throws Exception {
		try (SampleService service = on("readiness-blocked").args("--it.runner=blocks").launch()) {
			await("the web server").atMost(SampleService.PATIENCE)
				.ignoreExceptions()
				.until(() -> service.get("/context").status() == 200);
			String missing = "this process \\(generation 1\\) is still starting: runner \"consumer\" has not returned "
					+ "for \\d+ s";
			await("a runner").atMost(SampleService.PATIENCE).untilAsserted(() -> {
				HttpAnswer answer = service.post("/actuator/reload");
				assertThat(answer.status()).as(answer.text()).isEqualTo(503);
				assertThat(JsonPath.<String>read(answer.text(), "$.message")).matches(missing);
			});
			long pid = service.get("/context").pid();
			service.process().signal(pid, "USR2");
			await("a refusal").atMost(SampleService.PATIENCE)
				.untilAsserted(() -> assertThat(service.process().output())
					.containsPattern(LogLines.refused("signal USR2") + missing));
			assertThat(service.process().output()).doesNotContain(LogLines.LAUNCHED);
		}
	}

	private static SampleService.Builder on(String name) {
		int port = SampleService.freePort();
		return SampleService.named(name).main(ContextsApplication.class).port(port).args("--server.port=" + port);
	}

}
