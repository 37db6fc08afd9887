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

/**
 * A service whose JVM has everything that a second one cannot share: a debugger and JMX
 * on fixed ports, a GC log, a flight recording and a heap dump file; on the command line,
 * in an argument file and in an environment variable.
 */
class CollisionIT {

	private final int debuggerPort = SampleService.freePort();

	private final int jmxPort = SampleService.freePort();

	@Test
	void whenRestartedTwiceThenPortsAreDroppedAndFilesCarryTheGeneration() throws Exception {
		SampleService.Builder builder = service("collisions");
		Files.writeString(builder.directory().resolve("arguments"),
				"# what the operator wrote\n-Xlog:gc*:file=gc.log -XX:HeapDumpPath=\"out of memory.hprof\"\n");
		try (SampleService service = builder
			.jvmArgs("@arguments", debugger(), "-XX:StartFlightRecording=filename=app.jfr")
			.process((process) -> process.environment("JAVA_TOOL_OPTIONS", "-Dkept='a b' " + jmx()))
			.start()) {
			Path directory = service.directory();
			assertThat(isOpen(this.debuggerPort)).isTrue();
			assertThat(isOpen(this.jmxPort)).isTrue();
			for (int generation = 2; generation <= 3; generation++) {
				SampleService.Restart restart = service.handOverByEndpoint(service.port());
				// The log of the process that still runs is its own
				assertThat(directory.resolve("gc.log.0")).doesNotExist();
				assertThat(ProcFs.commandLine(restart.successor()))
					.contains("-XX:StartFlightRecording=filename=app-" + generation + ".jfr")
					.noneMatch((argument) -> argument.contains("jdwp") || argument.equals("@arguments"))
					.anyMatch((argument) -> argument.startsWith("@/"));
				assertThat(ProcFs.environment(restart.successor()))
					.contains("JAVA_TOOL_OPTIONS=-Dkept='a b' -Dcom.sun.management.jmxremote.authenticate=false "
							+ "-Dcom.sun.management.jmxremote.ssl=false ");
				assertThat(directory.resolve("gc-" + generation + ".log")).isNotEmptyFile();
				assertThat(service.process().output())
					.contains("Preflight: file gc.log of the JVM log (-Xlog in " + directory.resolve("arguments")
							+ ") is for one process only: the successor uses gc-" + generation + ".log")
					.contains("Preflight: file out of memory.hprof of the heap dump (-XX:HeapDumpPath in "
							+ directory.resolve("arguments")
							+ ") is for one process only: the successor uses out of memory-" + generation + ".hprof")
					.contains(
							"Preflight: port " + this.debuggerPort + " of the debugger (-agentlib:jdwp on the command "
									+ "line) can be open in one process only: the successor starts without it")
					.contains("Preflight: port " + this.jmxPort + " of the JMX agent "
							+ "(-Dcom.sun.management.jmxremote.port in JAVA_TOOL_OPTIONS)");
				service.awaitPredecessorGone(restart);
				assertThat(isOpen(this.debuggerPort)).isFalse();
				assertThat(isOpen(this.jmxPort)).isFalse();
			}
			assertThat(directory.resolve("app.jfr")).isNotEmptyFile();
			assertThat(directory.resolve("app-2.jfr")).isNotEmptyFile();
			assertThat(names(directory)).contains("gc.log", "gc-2.log", "gc-3.log")
				.noneMatch((name) -> name.contains("-2-3") || name.endsWith(".log.0"));
		}
	}

	/**
	 * Without the rule the second JVM ends before it is one of ours.
	 */
	@Test
	void whenPortIsKeptThenTheSuccessorFailsAndTheServiceGoesOn() throws Exception {
		try (SampleService service = service("collisions-kept").jvmArgs(debugger())
			.args("--graceful.restart.launch.colliding-ports=keep")
			.start()) {
			HttpAnswer answer = service.post("/actuator/reload?wait=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(500);
			assertThat(JsonPath.<String>read(answer.text(), "$.reason"))
				.endsWith("exited with code 2 before it was ready");
			assertThat(JsonPath.<String>read(answer.text(), "$.detail")).contains("Address already in use");
			assertThat(service.get("/actuator/health").status()).isEqualTo(200);
		}
	}

	@Test
	void whenRuleIsRefuseThenNothingIsLaunched() throws Exception {
		try (SampleService service = service("collisions-refused").jvmArgs(debugger(), "-Xlog:gc*:file=gc.log")
			.args("--graceful.restart.launch.colliding-ports=refuse",
					"--graceful.restart.launch.colliding-files=refuse")
			.start()) {
			HttpAnswer answer = service.post("/actuator/reload");
			assertThat(answer.status()).as(answer.text()).isEqualTo(422);
			assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains(
					"port " + this.debuggerPort + " of the debugger", "colliding-ports=refuse",
					"file gc.log of the JVM log", "colliding-files=refuse");
			assertThat(service.process().output()).doesNotContain(LogLines.LAUNCHED);
		}
	}

	@Test
	void whenPortIsShiftedThenTheSuccessorOpensAnother() throws Exception {
		try (SampleService service = service("collisions-shifted").jvmArgs(debugger())
			.args("--graceful.restart.launch.colliding-ports=shift")
			.start()) {
			SampleService.Restart restart = service.restart();
			assertThat(ProcFs.commandLine(restart.successor()))
				.contains("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0");
			assertThat(service.process().output())
				.containsPattern("Listening for transport dt_socket at address: \\d+");
		}
	}

	private static SampleService.Builder service(String name) {
		return SampleService.named(name);
	}

	private String debugger() {
		return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:" + this.debuggerPort;
	}

	private String jmx() {
		return "-Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false "
				+ "-Dcom.sun.management.jmxremote.port=" + this.jmxPort;
	}

	private static boolean isOpen(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static List<String> names(Path directory) throws Exception {
		try (var files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

}
