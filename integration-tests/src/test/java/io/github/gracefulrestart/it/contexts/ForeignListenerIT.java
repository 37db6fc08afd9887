package io.github.gracefulrestart.it.contexts;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A second server in the JVM of an application, which a restart cannot hand over.
 */
class ForeignListenerIT {

	/**
	 * Sockets that each JVM opens for itself are there as well: a debugger's, JMX's with
	 * the one that the system has chosen, and the one that jcmd connects to.
	 */
	@Test
	void whenADatabaseServerListensInTheJvmThenIsNamedBeforeAndWhenTheSuccessorFails() throws Exception {
		int database = SampleService.freePort();
		int debugger = SampleService.freePort();
		int management = SampleService.freePort();
		try (SampleService service = on("foreign-database")
			.jvmArgs("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugger,
					"-Dcom.sun.management.jmxremote.port=" + management,
					"-Dcom.sun.management.jmxremote.authenticate=false", "-Dcom.sun.management.jmxremote.ssl=false")
			.args("--it.h2-port=" + database)
			.start()) {
			long pid = service.pid();
			Commands.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(pid),
					"VM.version");
			HttpAnswer dryRun = service.post("/actuator/reload?dry-run=true");
			assertThat(dryRun.status()).as(dryRun.text()).isEqualTo(200);
			assertThat(warnings(dryRun)).singleElement()
				.asString()
				.startsWith("this process also listens on *:" + database + ", which is not handed over: ");
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(500);
			assertThat(JsonPath.<String>read(answer.text(), "$.reason")).contains(" failed to start: ",
					". Its predecessor, this process, also listens on ", "*:" + database, ", which is not handed over");
			assertThat(JsonPath.<String>read(answer.text(), "$.detail"))
				.isEqualTo("hidden, see management.endpoint.reload.show-values. The log contains it");
			assertThat(service.process().output()).containsPattern(
					"WARN .*Preflight: this process also listens on \\*:" + database + ", which is not handed over");
			try (Socket client = new Socket(InetAddress.getLoopbackAddress(), database)) {
				assertThat(client.isConnected()).isTrue();
			}
			assertThat(service.get("/context").pid()).isEqualTo(pid);
		}
	}

	@Test
	void whenForeignListenersRefuseThenNothingIsLaunched() throws Exception {
		int optional = SampleService.freePort();
		SampleService.Builder builder = on("foreign-refused");
		Path socket = Path.of("/tmp", "it-" + optional + ".sock");
		try (SampleService service = builder
			.args("--it.optional-port=" + optional, "--it.unix-socket=" + socket,
					"--graceful.restart.preflight.foreign-listeners=refuse")
			.start()) {
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(422);
			assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains("127.0.0.1:" + optional,
					"unix:" + socket, "graceful.restart.preflight.foreign-listeners=warn restarts nevertheless");
			assertThat(service.process().output()).doesNotContain(LogLines.LAUNCHED);
		}
		finally {
			Files.deleteIfExists(socket);
		}
	}

	@Test
	void whenTheAddressOfThePortIsChangedThenSaysWhatToDo() throws Exception {
		int port = SampleService.freePort();
		SampleService.Builder builder = SampleService.named("foreign-address")
			.main(ContextsApplication.class)
			.port(port);
		Files.writeString(builder.directory().resolve("application.properties"),
				"server.port=" + port + "\nserver.address=127.0.0.1\n");
		try (SampleService service = builder.start()) {
			Files.writeString(service.directory().resolve("application.properties"),
					"server.port=" + port + "\nserver.address=0.0.0.0\n");
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(500);
			assertThat(JsonPath.<String>read(answer.text(), "$.reason"))
				.endsWith("This process serves 127.0.0.1:" + port
						+ ", and the address of a port cannot be changed by a restart: stop the service and start it");
			assertThat(service.get("/context").status()).isEqualTo(200);
		}
	}

	private static List<String> warnings(HttpAnswer dryRun) {
		return JsonPath.read(dryRun.text(), "$.checks[?(@.result == 'warning')].message");
	}

	private static SampleService.Builder on(String name) {
		int port = SampleService.freePort();
		return SampleService.named(name).main(ContextsApplication.class).port(port).args("--server.port=" + port);
	}

}
