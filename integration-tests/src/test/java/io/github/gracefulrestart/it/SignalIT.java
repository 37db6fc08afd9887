package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.ServerProcessBuilder;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Signals that come too early, that come all at once, and that do not arrive.
 */
@Lengthy
class SignalIT {

	private static final String LAUNCHED = LogLines.LAUNCHED;

	private static final Pattern SUCCESSOR = LogLines.LAUNCHED_PID;

	/** 128 + SIGUSR2. */
	private static final int ENDED_BY_USR2 = 140;

	private static LoadGenerator busy(int port) {
		return LoadGenerator
			.start(LoadSettings.keepAlive(port, 4).rate(400).timeout(Duration.ofSeconds(60)).name("keep-alive"));
	}

	@Test
	void whenSignalledAHundredTimesThenRestartsOnce() throws Exception {
		try (SampleService service = SampleService.named("signal-storm").start();
				LoadGenerator fresh = LoadGenerator.start(LoadSettings.close(service.port(), 2)
					.rate(50)
					.timeout(Duration.ofSeconds(60))
					.name("new connections"));
				LoadGenerator reused = busy(service.port())) {
			fresh.awaitRequests(20, SampleService.PATIENCE);
			long pid = service.pid();
			Commands.run("sh", "-c",
					"i=0; while [ $i -lt 100 ]; do kill -USR2 " + pid + "; kill -HUP " + pid + "; i=$((i+1)); done");
			service.process().awaitExit(pid, SampleService.PATIENCE);
			service.process().awaitOutput(LogLines.predecessorGone(pid), SampleService.PATIENCE);
			fresh.awaitRequests(fresh.requests() + 50, SampleService.PATIENCE);
			LoadReport newConnections = fresh.stop();
			LoadReport keptAlive = reused.stop();
			assertThat(newConnections.failuresByKind()).as(newConnections.toString()).isEmpty();
			assertThat(keptAlive.failuresByKind()).as(keptAlive.toString()).isEmpty();
			assertThat(service.process().output()).containsOnlyOnce(LAUNCHED);
			assertThat(service.process().running()).hasSize(1);
			assertThat(service.get("/hello").text()).endsWith("generation=2");
		}
	}

	@Test
	void whenLaunchedAsTheReadmeSaysThenNoSignalDuringTheStartDoesHarm() throws Exception {
		int port = SampleService.freePort();
		try (SampleService service = SampleService.named("signal-early")
			.port(port)
			.process((ignored) -> script("signal-early",
					"trap '' USR2\nexport _JAVA_SR_SIGNUM=50\nexec " + java(port) + "\n"))
			.launch()) {
			signalUntil(service, () -> service.process().output().contains("Started SampleApplication"));
			service.process().awaitReady(port, "/actuator/health/readiness", SampleService.PATIENCE);
			service.process()
				.awaitOutput(LogLines.refused("signal USR2") + "this process is starting", SampleService.PATIENCE);
			assertThat(service.process().handle().isAlive()).isTrue();
			long first = service.process().pid();
			await("a restart").atMost(SampleService.PATIENCE).until(() -> {
				service.process().signal("USR2");
				return service.process().output().contains(LAUNCHED);
			});
			// A signal to all processes with the name of the service reaches the
			// successor
			Matcher launched = SUCCESSOR.matcher(service.process().output());
			assertThat(launched.find()).isTrue();
			long second = Long.parseLong(launched.group(1));
			while (service.process().output().split("Started SampleApplication", -1).length < 3) {
				assertThat(ProcFs.isRunning(second)).isTrue();
				service.process().signal(second, "USR2");
			}
			assertThat(service.process().awaitExitCode(SampleService.PATIENCE)).isZero();
			service.process().awaitOutput(LogLines.predecessorGone(first), SampleService.PATIENCE);
			assertThat(service.get("/hello").text()).isEqualTo("pid=" + second + " generation=2");
		}
	}

	/** The negative control of the test above. */
	@Test
	void whenLaunchedWithoutTheTrapThenASignalBeforeTheStartEndsTheJvm() throws Exception {
		int port = SampleService.freePort();
		try (SampleService service = SampleService.named("signal-too-early")
			.port(port)
			.process((ignored) -> script("signal-too-early", "export _JAVA_SR_SIGNUM=50\nexec " + java(port) + "\n"))
			.launch()) {
			await("the JVM").atMost(SampleService.PATIENCE)
				.until(() -> ProcFs.commandLine(service.process().pid()).contains("-jar"));
			service.process().signal("USR2");
			assertThat(service.process().awaitExitCode(SampleService.PATIENCE)).isEqualTo(ENDED_BY_USR2);
		}
	}

	/**
	 * A first generation whose launch script does nothing. The recording sends it about a
	 * hundred of the signals that trigger a restart each second.
	 */
	@Test
	void whenThereAreRecordingsAndDumpsThenOnlyTheOperatorRestarts() throws Exception {
		try (SampleService service = SampleService.named("signal-recording")
			.jvmArgs("-XX:StartFlightRecording=name=always,settings=profile")
			.start(); LoadGenerator load = busy(service.port())) {
			String pid = String.valueOf(service.pid());
			service.process()
				.awaitOutput("The JVM uses signal USR2 itself, for flight recordings", SampleService.PATIENCE);
			service.process()
				.awaitOutput(
						"A flight recording is running and uses signal USR2: until it stops, USR2 does not trigger a restart, "
								+ "and the recording gets no execution samples",
						SampleService.PATIENCE);
			for (int i = 0; i < 3; i++) {
				Commands.jdk("jcmd", pid, "Thread.print");
				service.process().signal("QUIT");
				service.process().signal("USR2");
				load.awaitRequests(load.requests() + 200, SampleService.PATIENCE);
			}
			Commands.jdk("jcmd", pid, "GC.heap_dump", "-overwrite", service.directory().resolve("heap").toString());
			assertThat(service.process().output()).contains("Full thread dump")
				.doesNotContain(LAUNCHED, "refused")
				.containsOnlyOnce("A flight recording is running");
			// Another trigger is not affected
			SampleService.Restart restart = service.awaitPredecessorGone(service.handOver("HUP"));

			// A successor's recording is complete, and takes no signal from an operator
			load.awaitRequests(load.requests() + 200, SampleService.PATIENCE);
			Path dump = service.directory().resolve("second.jfr");
			await("samples").atMost(SampleService.PATIENCE).until(() -> {
				Commands.jdk("jcmd", String.valueOf(restart.successor()), "JFR.dump", "name=always",
						"filename=" + dump);
				return RecordingFile.readAllEvents(dump)
					.stream()
					.anyMatch((event) -> event.getEventType().getName().equals("jdk.ExecutionSample"));
			});
			service.restart();
			assertThat(service.process().output().split(Pattern.quote(LAUNCHED), -1)).hasSize(3);
			assertThat(load.stop().failuresByKind()).isEmpty();
		}
	}

	@Test
	@Tag("exhaustive")
	void whenSignalsDoNotArriveThenSaysSo() throws Exception {
		try (SampleService service = SampleService.named("signal-xrs").jvmArgs("-Xrs").start()) {
			assertThat(service.process().output()).containsOnlyOnce(
					"No signal can trigger a graceful restart here: this JVM was started with -Xrs, which disables signals")
				.doesNotContain("Signal HUP cannot");
			service.process().signal("USR2");
			assertThat(service.handOverByEndpoint(service.port()).predecessor()).isEqualTo(service.process().pid());
		}
		int port = SampleService.freePort();
		try (SampleService service = SampleService.named("signal-nohup")
			.port(port)
			.process((ignored) -> script("signal-nohup", "exec nohup " + java(port) + "\n"))
			.start()) {
			service.process().signal("HUP");
			assertThat(service.process().output()).containsOnlyOnce(
					"Signal HUP cannot trigger a graceful restart here: it was ignored when this JVM was started, as nohup "
							+ "does");
			service.restart();
		}
	}

	private static void signalUntil(SampleService service, BooleanSupplier end) throws Exception {
		// A shell that is still to become the JVM ignores it, too
		await("the trap").atMost(SampleService.PATIENCE)
			.until(() -> ProcFs.commandLine(service.process().pid()).contains("-jar"));
		while (!end.getAsBoolean()) {
			service.process().signal("USR2");
		}
	}

	private static String java(int port) {
		return "'" + Path.of(System.getProperty("java.home"), "bin", "java")
				+ "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx192m '-XX:SharedArchiveFile="
				+ SampleApplication.get().archive() + "' -jar '" + SampleApplication.get().jar()
				+ "' --graceful.restart.probation=2s --server.port=" + port;
	}

	private static ServerProcessBuilder script(String name, String content) {
		Path directory = Path.of("target", "it", name).toAbsolutePath();
		try {
			Files.writeString(directory.resolve("start.sh"), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return ServerProcess.command("/bin/sh", "start.sh")
			.directory(directory)
			.environment("PWD", directory.toString())
			.output(directory.resolve("output.log"));
	}

}
