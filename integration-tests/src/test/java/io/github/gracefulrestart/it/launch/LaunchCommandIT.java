package io.github.gracefulrestart.it.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A script of the operator starts the successor: it becomes the JVM, stays its parent, or
 * leaves it in the background.
 */
class LaunchCommandIT {

	private Path script;

	private List<String> java;

	@Test
	void whenAScriptStartsTheSuccessorThenWhatItSaysTakesEffect() throws Exception {
		SampleService.Builder builder = SampleService.named("launch-command")
			.args("--graceful.restart.launch.command=./start.sh,--prod", "--graceful.restart.startup-timeout=60s",
					"--graceful.restart.termination-timeout=2s");
		this.script = builder.directory().resolve("start.sh");
		try (SampleService service = builder.start();
				LoadGenerator load = LoadGenerator.start(LoadSettings.keepAlive(service.port(), 2).rate(20))) {
			this.java = ProcFs.commandLine(service.pid());

			assertThat(service.post("/actuator/reload?dry-run=true").text())
				.contains("the program " + this.script + " of graceful.restart.launch.command does not exist");

			// The JVM itself, with another heap, another jar and another JDK
			Path jdk = Files.createSymbolicLink(builder.directory().resolve("jdk"),
					Path.of(System.getProperty("java.home")));
			Files.copy(SampleApplication.executableJar(), builder.directory().resolve("app-2.0.jar"));
			this.java = this.java.stream()
				.filter((argument) -> !argument.startsWith("-XX:SharedArchiveFile="))
				.map((argument) -> argument.startsWith("-Xmx") ? "-Xmx208m" : argument)
				.map((argument) -> argument.endsWith(".jar") ? "app-2.0.jar" : argument)
				.collect(Collectors.toList());
			this.java.set(0, jdk.resolve("bin/java").toString());
			script("exec " + line() + " \"$@\"");
			SampleService.Restart restart = service.restart();
			assertThat(ProcFs.commandLine(restart.successor())).startsWith(this.java.get(0))
				.contains("-Xmx208m", "app-2.0.jar")
				.endsWith("--prod");

			// A child of the script, whose exit shows it
			script(line() + "\necho the JVM has ended with code $?\n");
			restart = service.restart();
			assertSuccessor(service, restart, ProcFs.parent(restart.successor()));
			assertThat(ProcFs.commandLine(ProcFs.parent(restart.successor()))).contains(this.script.toString(),
					"--prod");

			// In the background, of a script that has ended and closes what it does not
			// know
			script("exec 10>&- 11>&- 12>&- 13>&- 14>&- 15>&- 16>&-\nnohup " + line() + " &\n");
			long parent = ProcFs.parent(restart.successor());
			restart = service.restart();
			service.process().awaitExit(parent, SampleService.PATIENCE);
			assertSuccessor(service, restart, ProcFs.parent(restart.successor()));
			service.process().awaitOutput(LogLines.servesAlone(restart.predecessor(), 4), SampleService.PATIENCE);

			failures(service);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
		}
	}

	private static void assertSuccessor(SampleService service, SampleService.Restart restart, long parent)
			throws Exception {
		assertThat(parent).isNotEqualTo(restart.predecessor());
		String status = service.get("/actuator/reload").text();
		assertThat(JsonPath.<Object>read(status, "$.lastRestart.successorPid").toString())
			.isEqualTo(String.valueOf(restart.successor()));
		assertThat(ProcFs.zombiesOf(restart.successor())).isEmpty();
	}

	private void failures(SampleService service) throws Exception {
		long pid = service.pid();

		script("echo already running >&2; exit 3");
		HttpAnswer answer = service.post("/actuator/reload?wait=true");
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.text()).contains("the program of graceful.restart.launch.command (pid ",
				") exited with code 3 before it was ready", "already running");
		assertNothingLeft(service, pid);

		// Processes that a failing script leaves behind are terminated with it
		script("setsid sleep 600 & " + line() + " --spring.main.sources=none & sleep 600 & exit 4");
		assertThat(service.post("/actuator/reload?wait=true").text()).contains(") exited with code 4 before");
		assertNothingLeft(service, pid);

		script("(" + line() + " --server.tomcat.threads.max=many) & sleep 600 & wait");
		answer = service.post("/actuator/reload?wait=true");
		assertThat(answer.text()).contains("failed to start: Failed to bind properties");
		assertNothingLeft(service, pid);
	}

	private static void assertNothingLeft(SampleService service, long pid) {
		await("only the predecessor").atMost(SampleService.PATIENCE)
			.untilAsserted(
					() -> assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(pid));
		assertThat(ProcFs.zombiesOf(pid)).isEmpty();
		await("serving").atMost(SampleService.PATIENCE)
			.until(() -> "serving".equals(JsonPath.read(service.get("/actuator/reload").text(), "$.state")));
	}

	private String line() {
		return this.java.stream().map((argument) -> "'" + argument + "'").collect(Collectors.joining(" "));
	}

	private void script(String content) throws IOException {
		Files.writeString(this.script, "#!/bin/bash\n" + content + "\n");
		Files.setPosixFilePermissions(this.script, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

}
