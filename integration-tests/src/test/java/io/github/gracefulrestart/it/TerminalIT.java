package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A service in the foreground of a real terminal: what its keys do, what is left when it
 * closes, and what becomes of the second generation when the first has led its session.
 */
@Execution(ExecutionMode.CONCURRENT)
class TerminalIT {

	private static final String CONTROL_C = "\u0003";

	private static final String CONTROL_BACKSLASH = "\u001c";

	/**
	 * A shell that lives on when the first generation has ended, as one at a prompt does,
	 * but leaves all later ones in the foreground.
	 */
	private static final String IN_A_SHELL = "trap : INT QUIT; %s; echo ended with $?; while :; do sleep 1; done";

	/** No process but the JVM, which is the leader of the session. */
	private static final String ALONE = "exec %s";

	/** A start script that has nothing more to do. */
	private static final String IN_A_SCRIPT = "%s; exit 0";

	private static final String TERMINAL_GONE = "The terminal of this process has closed (signal HUP)";

	private static final String PREDECESSOR_GONE = "The terminal has closed because the predecessor has exited";

	@BeforeAll
	static void requireTerminal() {
		Commands.require("script");
	}

	@ParameterizedTest
	@EnumSource(names = { "STARTING", "DRAINING" })
	@Execution(ExecutionMode.CONCURRENT)
	void whenInterruptedThenEverybodyEnds(Phase phase) throws Exception {
		interrupt(phase);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "STARTING", "DRAINING" })
	@Execution(ExecutionMode.CONCURRENT)
	@Tag("exhaustive")
	void whenInterruptedInAnyOtherPhaseThenEverybodyEnds(Phase phase) throws Exception {
		interrupt(phase);
	}

	private static void interrupt(Phase phase) throws Exception {
		SampleService.Builder builder = SampleService.named("terminal-interrupt-" + phase)
			.args("--graceful.restart.probation=" + ((phase == Phase.PROBATION) ? "5m" : "0s"),
					SampleService.PATIENT_CONNECTIONS);
		if (phase == Phase.STARTING) {
			Files.writeString(builder.directory().resolve("application.properties"), "sample.hang-start=true");
		}
		inTerminal(builder, IN_A_SHELL);
		try (SampleService service = (phase == Phase.STARTING) ? builder.launch() : builder.start()) {
			if (phase == Phase.STARTING) {
				awaitLog(service, "Tomcat started on port");
				service.process().type(CONTROL_C);
			}
			else if (phase == Phase.DRAINING) {
				try (RawHttp upload = service.connect()) {
					upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
							+ "Content-Type: application/octet-stream\r\n\r\n01234");
					reach(phase, service);
					service.process().type(CONTROL_C);
					awaitLog(service, LogLines.STOPPED);
					upload.write("56789");
					HttpAnswer answer = upload.read();
					assertThat(answer.status()).isEqualTo(200);
				}
			}
			else {
				reach(phase, service);
				service.process().type(CONTROL_C);
			}
			service.process()
				.awaitOutput("ended with " + ((phase == Phase.AFTERWARDS) ? 0 : 130), SampleService.PATIENCE);
			await("the end of all").atMost(SampleService.PATIENCE).until(() -> jvms(service) == 0);
			assertRefused(service);
		}
	}

	private static void reach(Phase phase, SampleService service) throws Exception {
		switch (phase) {
			case SUCCESSOR_STARTING -> {
				Files.writeString(service.directory().resolve("application.properties"), "sample.hang-start=true");
				service.beginRestart();
				await("a successor").atMost(SampleService.PATIENCE).until(() -> jvms(service) == 2);
			}
			case DRAINING -> service.handOver();
			case PROBATION -> {
				service.handOver();
				awaitLog(service, "is on probation for another");
			}
			case AFTERWARDS -> service.restart();
			default -> throw new IllegalArgumentException(phase.name());
		}
	}

	@Test
	void whenTerminalLivesThenAHangUpRestarts() throws Exception {
		SampleService.Builder builder = SampleService.named("terminal-closes");
		try (SampleService service = inTerminal(builder, IN_A_SHELL).start()) {
			service.awaitPredecessorGone(service.handOver("HUP"));
			long pid = service.pid();
			service.process().type(CONTROL_BACKSLASH);
			service.process().awaitOutput("Full thread dump", SampleService.PATIENCE);
			assertThat(service.pid()).isEqualTo(pid);

			awaitAftermath();
			service.process().signal("KILL");
			service.process().awaitExit(pid, SampleService.PATIENCE);
			assertThat(service.process().running()).isEmpty();
			assertRefused(service);
			assertThat(log(service)).containsOnlyOnce(TERMINAL_GONE).doesNotContain("as generation 3");
		}
	}

	@Test
	void whenTerminalClosesThenTheServiceEnds() throws Exception {
		SampleService.Builder builder = SampleService.named("terminal-closes-alone");
		try (SampleService service = inTerminal(builder, ALONE).start()) {
			service.process().signal("KILL");
			await("the end of all").atMost(SampleService.PATIENCE).until(() -> jvms(service) == 0);
			assertRefused(service);
			assertThat(log(service)).containsOnlyOnce(TERMINAL_GONE)
				.contains("Graceful shutdown complete")
				.doesNotContain("as generation 2");
		}
	}

	/**
	 * The terminal closes when the first generation leaves, and the kernel tells the
	 * second one.
	 */
	@Test
	void whenFirstGenerationLedTheSessionThenTheSecondServesOn() throws Exception {
		leadSession("USR2,HUP");
	}

	@Test
	@Tag("exhaustive")
	void whenFirstGenerationLedTheSessionAndHangUpsAreNoTriggerThenTheSecondServesOn() throws Exception {
		leadSession("USR2");
	}

	private static void leadSession(String signals) throws Exception {
		SampleService.Builder builder = SampleService.named("terminal-leader-" + signals)
			.args("--graceful.restart.signals=" + signals);
		try (SampleService service = inTerminal(builder, ALONE).start()) {
			service.beginRestart();
			assertServesOn(service);
			assertThat(service.process().awaitExitCode(SampleService.PATIENCE)).isZero();
			long second = service.pid();
			if (signals.contains("HUP")) {
				await("an order").pollInterval(Duration.ofSeconds(1)).atMost(SampleService.PATIENCE).until(() -> {
					service.process().signal(second, "HUP");
					return log(service).contains("as generation 3");
				});
				service.process().awaitExit(second, SampleService.PATIENCE);
				assertThat(service.get("/hello").text()).endsWith("generation=3");
			}
			// No process reads its output
			long last = service.pid();
			service.process().signal(last, "TERM");
			service.process().awaitExit(last, SampleService.PATIENCE);
			assertRefused(service);
		}
	}

	/**
	 * The kernel would end it.
	 */
	@Test
	void whenTheJvmPassesNoSignalOnThenTheSecondServesOn() throws Exception {
		SampleService.Builder builder = SampleService.named("terminal-xrs").jvmArgs("-Xrs");
		try (SampleService service = inTerminal(builder, ALONE).start()) {
			assertThat(service.post("/actuator/reload").status()).isEqualTo(202);
			awaitLog(service, LogLines.ANY_PREDECESSOR_GONE);
			assertThat(service.process().awaitExitCode(SampleService.PATIENCE)).isZero();
			awaitAftermath();
			assertThat(service.get("/hello").text()).endsWith("generation=2");
		}
	}

	/**
	 * As real terminal multiplexers do it, each of which treats a window whose process
	 * has ended in its own way.
	 */
	@Test
	void whenInAMultiplexerThenTheEndOfAWindowEndsNoService() throws Exception {
		restartIn("tmux", IN_A_SCRIPT);
	}

	@ParameterizedTest
	@CsvSource({ "screen, " + ALONE, "screen, '" + IN_A_SCRIPT + "'", "tmux, " + ALONE })
	@Tag("exhaustive")
	void whenInTheOtherMultiplexerThenTheEndOfAWindowEndsNoService(String multiplexer, String frame) throws Exception {
		restartIn(multiplexer, frame);
	}

	private static void restartIn(String multiplexer, String frame) throws Exception {
		Commands.require(multiplexer);
		SampleService.Builder builder = SampleService.named(multiplexer + (frame.equals(ALONE) ? "-alone" : "-script"));
		try (SampleService service = in(multiplexer, builder, frame).start()) {
			service.beginRestart();
			assertServesOn(service);
		}
	}

	@Test
	void whenAMultiplexerEndsThenTheServiceEnds() throws Exception {
		end("screen");
	}

	@Test
	@Tag("exhaustive")
	void whenTheOtherMultiplexerEndsThenTheServiceEnds() throws Exception {
		end("tmux");
	}

	private static void end(String multiplexer) throws Exception {
		Commands.require(multiplexer);
		SampleService.Builder builder = SampleService.named(multiplexer + "-shell");
		try (SampleService service = in(multiplexer, builder, IN_A_SHELL).start()) {
			service.beginRestart();
			await("a restart").atMost(SampleService.PATIENCE)
				.until(() -> log(service).contains(LogLines.ANY_PREDECESSOR_GONE));
			awaitAftermath();
			String name = name(service.directory());
			Commands.run("sh", "-c", "screen".equals(multiplexer) ? "screen -S " + name + " -X quit"
					: "tmux -L " + name + " kill-server");
			await("the end of all").atMost(SampleService.PATIENCE).until(() -> jvms(service) == 0);
			assertRefused(service);
			assertThat(log(service)).containsOnlyOnce(TERMINAL_GONE).doesNotContain("as generation 3");
		}
	}

	private static void assertServesOn(SampleService service) throws Exception {
		awaitLog(service, PREDECESSOR_GONE);
		awaitLog(service, LogLines.ANY_PREDECESSOR_GONE);
		assertThat(service.get("/hello").text()).endsWith("generation=2");
		assertThat(jvms(service)).isEqualTo(1);
		assertThat(log(service)).doesNotContain("as generation 3", TERMINAL_GONE);
	}

	/**
	 * A terminal that closes when the predecessor does may have been closed by its end.
	 */
	private static void awaitAftermath() {
		await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
	}

	/**
	 * Not the output, which ends with the terminal.
	 */
	private static String log(SampleService service) {
		try {
			Path log = service.directory().resolve("service.log");
			return Files.exists(log) ? Files.readString(log) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void awaitLog(SampleService service, String text) {
		await(text).atMost(SampleService.PATIENCE).until(() -> log(service).contains(text));
	}

	private static long jvms(SampleService service) {
		return service.process()
			.running()
			.stream()
			.filter((process) -> process.info().command().orElse("").endsWith("/java"))
			.count();
	}

	private static void assertRefused(SampleService service) {
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), service.port()).close());
	}

	private static SampleService.Builder inTerminal(SampleService.Builder builder, String frame) {
		return framed(builder, (command) -> List.of("script", "-qfc", frame.formatted(command), "/dev/null"));
	}

	private static SampleService.Builder in(String multiplexer, SampleService.Builder builder, String frame) {
		String name = name(builder.directory());
		return framed(builder, (command) -> {
			String start = "screen".equals(multiplexer) ? "screen -dmS " + name + " sh -c"
					: "tmux -f /dev/null -L " + name + " new-session -d";
			// They go into the background, and have no environment to be found by
			return List.of("sh", "-c", start + " \"$0\"; exec sleep 600", frame.formatted(command));
		});
	}

	private static String name(Path directory) {
		return directory.getFileName() + "-" + ProcessHandle.current().pid();
	}

	private static SampleService.Builder framed(SampleService.Builder builder, Launcher launcher) {
		return builder.args("--logging.file.name=" + builder.directory().resolve("service.log"))
			.process((process) -> process.launcher((command) -> launcher
				.launch(command.stream().map((argument) -> "'" + argument + "'").collect(Collectors.joining(" ")))));
	}

	/**
	 * Makes the command line of a program that starts what a shell understands.
	 */
	private interface Launcher {

		List<String> launch(String command);

	}

	/**
	 * Where a service stands.
	 */
	enum Phase {

		STARTING, SUCCESSOR_STARTING, DRAINING, PROBATION, AFTERWARDS

	}

}
