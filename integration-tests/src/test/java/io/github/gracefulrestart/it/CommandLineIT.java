package io.github.gracefulrestart.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service whose options are between {@code -jar} and the jar, as is common, and one
 * with agents that each have a port.
 */
class CommandLineIT {

	private static final Path AGENTS = Path.of("target", "agents").toAbsolutePath();

	@Test
	void whenOptionsStandBehindJarThenRestartsAndNamesTheRightJar() throws Exception {
		int debuggerPort = SampleService.freePort();
		String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:" + debuggerPort;
		SampleService.Builder builder = SampleService.named("options-behind-jar").copyOfJar();
		Path more = Files.writeString(builder.directory().resolve("more"), "# logs\n\"-Xlog:gc*:file=gc.log\"");
		Path options = Files.writeString(builder.directory().resolve("options"), "-XX:ErrorFile='crash it.log'");
		try (SampleService service = builder.process(
				(process) -> process.behindJar("-Dname=behind the jar", debugger, "@more", "-XX:VMOptionsFile=options"))
			.start()) {
			Path jar = service.directory().resolve("app.jar");
			HttpAnswer dryRun = service.post("/actuator/reload?dry-run=true");
			assertThat(dryRun.status()).as(dryRun.text()).isEqualTo(200);
			assertThat(JsonPath.<List<String>>read(dryRun.text(), "$.checks[?(@.check == 'files')].message"))
				.containsExactly("the jar " + jar + " exists and is complete");

			for (int generation = 2; generation <= 3; generation++) {
				SampleService.Restart restart = service.restart();
				assertThat(ProcFs.commandLine(restart.successor())).doesNotContain(debugger, "@more")
					.containsSubsequence("-jar", "-Dname=behind the jar", "app.jar")
					.anyMatch((argument) -> argument.startsWith("@/"))
					.anyMatch((argument) -> argument.startsWith("-XX:VMOptionsFile=/"));
				assertThat(service.directory().resolve("gc-" + generation + ".log")).isNotEmptyFile();
				assertThat(Commands.jdk("jcmd", String.valueOf(restart.successor()), "VM.flags"))
					.contains("-XX:ErrorFile=crash it-" + generation + ".log");
			}
			assertThat(isOpen(debuggerPort)).isFalse();
			assertThat(service.process().output())
				.contains(
						"Preflight: port " + debuggerPort + " of the debugger (-agentlib:jdwp on the command line) can "
								+ "be open in one process only: the successor starts without it")
				.contains("Preflight: file gc.log of the JVM log (-Xlog in " + more + ")")
				.contains("Preflight: file crash it.log of the fatal error log (-XX:ErrorFile in " + options + ")");

			Path hidden = Files.move(jar, jar.resolveSibling("hidden.jar"));
			assertRefused(service, "the jar " + jar + " does not exist; put it in place and try again");
			Files.move(hidden, jar);
			Files.writeString(more, "-cp");
			assertRefused(service, "the java launcher would refuse the successor's command line: -cp has no value; "
					+ "correct it and try again");
			Files.delete(more);
			assertRefused(service, "the argument file " + more + " does not exist; put it in place and try again");
		}
	}

	@Test
	void whenAgentsHavePortsThenTheSuccessorStartsWithoutThemAndItIsSaid() throws Exception {
		int exporterPort = SampleService.freePort();
		int jolokiaPort = SampleService.freePort();
		SampleService.Builder builder = SampleService.named("agents");
		Files.writeString(builder.directory().resolve("exporter.yml"), "rules: [{pattern: 'java.lang.*'}]");
		String exporter = "-javaagent:" + AGENTS.resolve("exporter.jar") + "=127.0.0.1:" + exporterPort
				+ ":exporter.yml";
		String jolokia = "-javaagent:" + AGENTS.resolve("jolokia.jar") + "=host=127.0.0.1,port=" + jolokiaPort;
		try (SampleService service = builder.jvmArgs(exporter)
			.process((process) -> process.environment("JAVA_TOOL_OPTIONS", jolokia))
			.start()) {
			assertThat(isOpen(exporterPort)).isTrue();
			assertThat(isOpen(jolokiaPort)).isTrue();
			HttpAnswer dryRun = service.post("/actuator/reload?dry-run=true");
			assertThat(JsonPath.<List<String>>read(dryRun.text(), "$.checks[?(@.result == 'warning')].message"))
				.anyMatch((message) -> message.startsWith("port " + exporterPort + " of the Prometheus JMX exporter ("))
				.anyMatch((message) -> message.startsWith("port " + jolokiaPort + " of the Jolokia agent ("));

			SampleService.Restart restart = service.restart();
			assertThat(ProcFs.commandLine(restart.successor())).doesNotContain(exporter);
			assertThat(service.process().output())
				.containsPattern("WARN .*Preflight: port " + jolokiaPort
						+ " of the Jolokia agent \\(-javaagent:\\S+ in "
						+ "JAVA_TOOL_OPTIONS\\) can be used by one process only: the successor starts without it, and "
						+ "nothing will listen there when this process has exited")
				.doesNotContain("Could not start Jolokia agent", "Failed to start Prometheus JMX Exporter");
			assertThat(isOpen(exporterPort)).isFalse();
			assertThat(isOpen(jolokiaPort)).isFalse();
		}
	}

	/** What happened before there was a rule for agents. */
	@Test
	void whenAgentsAreKeptThenOneEndsTheSuccessorAndItIsSaidBefore() throws Exception {
		int port = SampleService.freePort();
		SampleService.Builder builder = SampleService.named("agents-kept");
		Files.writeString(builder.directory().resolve("exporter.yml"), "rules: [{pattern: 'java.lang.*'}]");
		try (SampleService service = builder
			.jvmArgs("-javaagent:" + AGENTS.resolve("exporter.jar") + "=127.0.0.1:" + port + ":exporter.yml")
			.args("--graceful.restart.launch.colliding-ports=keep")
			.start()) {
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(500);
			assertThat(JsonPath.<String>read(answer.text(), "$.detail")).contains("Address already in use");
			assertThat(service.process().output())
				.contains("but cannot start while " + "this process uses it, or starts without this agent");
			assertThat(service.get("/actuator/health").status()).isEqualTo(200);
		}
	}

	private static void assertRefused(SampleService service, String reason) {
		int before = service.process().output().length();
		service.process().signal(service.pid(), "USR2");
		await("a refusal").atMost(SampleService.PATIENCE)
			.until(() -> service.process().output().substring(before).contains(" refused: "));
		assertThat(service.process().output().substring(before)).contains(reason)
			.doesNotContain(LogLines.LAUNCHED, "has no Main-Class");
	}

	private static boolean isOpen(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
