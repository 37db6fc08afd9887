package io.github.gracefulrestart.it.failure;

import java.time.Duration;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a restart cannot work, and where none can ever succeed.
 */
class UnavailableIT {

	/**
	 * Native code is unpacked there. Tomcat and Spring Boot need a directory for
	 * temporary files of their own and would not start without.
	 */
	private static final String NOWHERE_TO_UNPACK = "-Djffi.extract.dir=/nonexistent";

	@Test
	void whenDisabledThenTheApplicationIsAsItWouldBeWithout() throws Exception {
		try (SampleService service = SampleService.named("disabled").args("--graceful.restart.enabled=false").start()) {
			assertThat(service.get("/hello").status()).isEqualTo(200);
			assertThat(service.get("/actuator/reload").status()).isEqualTo(404);
			assertThat(service.process().output()).doesNotContain("raceful restart", "SignalTrigger");
		}
	}

	@Test
	void whenNativeCodeCannotBeLoadedThenStartsAndSaysSoOnce() throws Exception {
		try (FailingService service = FailingService
			.start(SampleService.named("no-native-code").jvmArgs(NOWHERE_TO_UNPACK))) {
			service.startLoad();
			service.awaitOutput(LogLines.UNAVAILABLE + " because native calls do not work: ");
			HttpAnswer answer = service.reload("");
			assertThat(answer.status()).as(answer.text()).isEqualTo(503);
			assertThat(JsonPath.<String>read(answer.text(), "$.message")).startsWith("native calls do not work here: ");
			service.process().signal("USR2");
			service.awaitOutput(LogLines.refused("signal USR2") + "native calls do not work here: ");
			service.awaitState("serving");
			service.assertNothingLost();
			assertThat(service.process().output()).containsOnlyOnce(LogLines.UNAVAILABLE);
			assertThat(service.process().running()).hasSize(1);
		}
	}

	@Test
	void whenRestartsAreRequiredThenTheStartFailsWithTheAnalysis() {
		try (SampleService service = SampleService.named("no-native-code-required")
			.jvmArgs(NOWHERE_TO_UNPACK)
			.args("--graceful.restart.required=true")
			.launch()) {
			assertThat(service.process().awaitExitCode(Duration.ofSeconds(60))).as(service.process().output()).isOne();
			assertThat(service.process().output()).contains("APPLICATION FAILED TO START",
					"Graceful restarts are required but unavailable because native calls do not work: ",
					"set graceful.restart.required=false to start without graceful restarts");
		}
	}

	@Test
	void whenJvmArgumentIsUnknownThenServesOnWithWhatJavaSaid() throws Exception {
		try (FailingService service = FailingService.start("unknown-jvm-argument",
				"--graceful.restart.launch.jvm-arguments=-XX:NoSuchFlag")) {
			service.startLoad();
			long predecessor = service.service().pid();
			for (int i = 0; i < 2; i++) {
				long successor = service.trigger();
				assertThat(service.awaitFailure(predecessor, successor, "failed"))
					.isEqualTo("successor (pid " + successor + ") exited with code 1 before it was ready");
				assertThat(service.status("$.lastRestart.detail")).contains("Unrecognized VM option")
					.contains("NoSuchFlag");
			}
			service.assertNothingLost();
		}
	}

}
