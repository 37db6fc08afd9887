package io.github.gracefulrestart.it.launch;

import java.nio.file.Files;
import java.nio.file.Path;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application starts is an ordinary process, also in a later generation: it
 * inherits the environment of a successor and is none.
 */
class ChildOfSuccessorIT {

	@Test
	void whenASuccessorStartsProgramsThenTheyAreOrdinaryProcesses() throws Exception {
		SampleService.Builder builder = SampleService.named("parent")
			.main(ParentApplication.class)
			.args("--graceful.restart.launch.jvm-arguments=-Dof.the.parent=1",
					"--graceful.restart.launch.environment-file=variables");
		Path directory = builder.directory();
		Files.writeString(directory.resolve("variables"), "DB_URL=jdbc:parent\n");
		Path jdk = Files.createSymbolicLink(directory.resolve("jdk"), Path.of(System.getProperty("java.home")));
		try (SampleService service = builder.start()) {
			SampleService.Restart restart = service.restart();
			assertThat(ProcFs.environment(restart.successor())).contains("GRACEFUL_RESTART_GENERATION=2",
					"DB_URL=jdbc:parent");
			assertThat(service.post("/job").text()).startsWith("exit 0\n");

			int port = SampleService.freePort();
			long child = Long.parseLong(service.post("/service?port=" + port + "&javaHome=" + jdk).text());
			awaitServing(service, port, child);
			assertThat(state(service, port, "$.generation")).isEqualTo(1);
			assertThat(state(service, port, "$.lastRestart")).isNull();
			HttpAnswer answer = service.request("POST", port, "/actuator/reload");
			assertThat(answer.status()).isEqualTo(202);
			long grandchild = Long.parseLong(JsonPath.read(answer.text(), "$.successorPid").toString());
			service.process().awaitExit(child, SampleService.PATIENCE);
			awaitServing(service, port, grandchild);
			assertThat(state(service, port, "$.generation")).isEqualTo(2);
			// Its own start once more, not its parent's
			assertThat(ProcFs.commandLine(grandchild)).startsWith(jdk.resolve("bin/java").toString(),
					"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
			assertThat(ProcFs.environment(grandchild)).contains("DB_URL=jdbc:child");
		}
	}

	private static void awaitServing(SampleService service, int port, long pid) {
		await("pid " + pid + " on port " + port).atMost(SampleService.PATIENCE)
			.ignoreException(RequestFailedException.class)
			.until(() -> service.request("GET", port, "/actuator/health/readiness").status() == 200
					&& ((Number) state(service, port, "$.pid")).longValue() == pid
					&& "serving".equals(state(service, port, "$.state")));
	}

	private static Object state(SampleService service, int port, String path) throws RequestFailedException {
		String answer = service.request("GET", port, "/actuator/reload").text();
		return answer.contains(path.substring(2)) ? JsonPath.read(answer, path) : null;
	}

}
