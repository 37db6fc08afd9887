package io.github.gracefulrestart.it.failure;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Another process pretends to be the successor, or the successor violates the protocol.
 * One service goes through all of it, and restarts after each case.
 */
@ExtendWith(IntruderIT.ShowLog.class)
class IntruderIT {

	private static final String NOBODY = "65534";

	private static FailingService service;

	private static Path home;

	private static Path mistake;

	private long predecessor;

	private long successor;

	@BeforeAll
	static void start() throws Exception {
		home = Files.createTempDirectory("it-");
		mistake = home.resolve("mistake");
		forgetfulJava();
		service = FailingService
			.start(FaultyApplication.get().service("intruder").args("--graceful.restart.launch.java-home=" + home));
	}

	@AfterAll
	static void stop() {
		service.close();
		FileTree.deleteRecursively(home);
	}

	@BeforeEach
	void load() throws Exception {
		service.startLoad();
		this.predecessor = service.service().pid();
		assertThat(service.status("$.state")).isEqualTo("serving");
	}

	@AfterEach
	void nothingIsLost() throws Exception {
		Files.deleteIfExists(mistake);
		service.assertNothingLost();
	}

	/**
	 * The successor is stopped before it can connect.
	 */
	private void launch() {
		this.successor = service.trigger();
		service.process().signal(this.successor, "STOP");
	}

	@Test
	void whenAnotherUserConnectsThenIsRefusedAndTheRestartSucceeds() throws Exception {
		assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
		launch();
		Path socket = service.controlSocket();
		Path directory = socket.getParent();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
		open(directory.getParent(), "rwxr-xr-x");
		open(socket, "rwxrwxrwx");
		assertThat(intrude(NOBODY, socket)).isEqualTo(Intruder.NOT_LET_IN);
		// Now with the door open, and with the right token
		open(directory, "rwxr-xr-x");
		assertThat(intrude(NOBODY, socket)).isEqualTo(Intruder.REFUSED);
		service.awaitOutput(", uid " + NOBODY + "). It was refused, and the restart continues");
		assertRestartSucceeds();
	}

	@Test
	void whenAnotherProcessKnowsTheTokenThenIsRefusedAndTheRestartSucceeds() throws Exception {
		launch();
		String token = token();
		assertThat(token).hasSize(64);
		assertKnownToTheSuccessorOnly(token);
		assertThat(intrude(null, service.controlSocket())).isEqualTo(Intruder.REFUSED);
		service.awaitOutput(LogLines.INTRUDER);
		assertRestartSucceeds();
		assertThat(service.process().output()).doesNotContain(token);
	}

	/**
	 * The token is in no other environment, and on no command line.
	 */
	private void assertKnownToTheSuccessorOnly(String token) throws IOException {
		List<Long> commandLines = new ArrayList<>();
		List<Long> environments = new ArrayList<>();
		try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
			for (Path process : processes.filter((path) -> path.getFileName().toString().matches("\\d+")).toList()) {
				long pid = Long.parseLong(process.getFileName().toString());
				if (String.join(" ", ProcFs.commandLine(pid)).contains(token)) {
					commandLines.add(pid);
				}
				if (String.join(" ", ProcFs.environment(pid)).contains(token)) {
					environments.add(pid);
				}
			}
		}
		assertThat(commandLines).isEmpty();
		assertThat(environments).containsExactly(this.successor);
	}

	@Test
	void whenTheSuccessorHasAnotherTokenThenIsRefusedByNameAndThePredecessorServesOn() throws Exception {
		Files.createFile(mistake);
		this.successor = service.trigger();
		service.awaitFailure(this.predecessor, this.successor, "failed");
		assertThat(service.outputSinceMark())
			.contains("the successor (pid " + this.successor + ") was refused: its token is wrong")
			.contains("the predecessor refused this process: its token is wrong");
		Files.delete(mistake);
		service.restart();
	}

	/**
	 * An executable that starts Java in the same process with another token, while a file
	 * lies beside it. No setting of the application can do that.
	 */
	private static void forgetfulJava() throws IOException {
		Path java = home.resolve("bin").resolve("java");
		Files.createDirectories(java.getParent());
		Files.writeString(java,
				"#!/bin/sh\nif [ -e '" + mistake + "' ]; then export GRACEFUL_RESTART_TOKEN=" + "0".repeat(64)
						+ "; fi\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' \"$@\"\n");
		open(java, "rwxr-xr-x");
	}

	@Test
	@Tag("exhaustive")
	void whenTheSuccessorIsSilentThenIsGivenUpAndThePredecessorServesOn() throws Exception {
		Fault fault = service.arm(service.number("$.generation") + 1, "before Hello", FaultAction.SILENCE);
		this.successor = service.trigger();
		fault.awaitReached();
		fault.release();
		service.awaitOutput("a peer of the control socket was refused: the peer did not answer in time");
		service.awaitFailure(this.predecessor, this.successor, "failed");
		service.restart();
	}

	private void assertRestartSucceeds() throws Exception {
		assertThat(service.status("$.state")).isEqualTo("launching");
		service.process().signal(this.successor, "CONT");
		service.process().awaitExit(this.predecessor, FailingService.PATIENCE);
		service.awaitOutput(LogLines.predecessorGone(this.predecessor));
		assertThat(service.service().pid()).isEqualTo(this.successor);
		service.assertNoFilesLeft();
	}

	private String token() {
		return ProcFs.environment(this.successor)
			.stream()
			.filter((entry) -> entry.startsWith("GRACEFUL_RESTART_TOKEN="))
			.map((entry) -> entry.substring(entry.indexOf('=') + 1))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Say the right thing in a process of another user, or of the same one.
	 */
	private String intrude(String user, Path socket) throws Exception {
		Path classes = Files.createTempDirectory("it-");
		try {
			open(classes, "rwxr-xr-x");
			Path target = classes.resolve(Intruder.class.getName().replace('.', '/') + ".class");
			Files.createDirectories(target.getParent());
			try (var bytes = Intruder.class.getResourceAsStream("Intruder.class")) {
				Files.copy(bytes, target);
			}
			List<String> command = new ArrayList<>();
			if (user != null) {
				command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
			}
			command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
					classes.toString(), Intruder.class.getName(), socket.toString(),
					HexFormat.of().formatHex(hello())));
			Process process = OrdinaryProcess.builder(command)
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.directory(classes.toFile())
				.start();
			String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor()).isZero();
			return result;
		}
		finally {
			FileTree.deleteRecursively(classes);
		}
	}

	/**
	 * The frame that the successor is about to send, see {@code docs/architecture.md}.
	 */
	private byte[] hello() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeBytes("GRST");
		out.writeShort(1);
		out.writeByte(0);
		out.writeInt(2 + token().length());
		out.writeUTF(token());
		return bytes.toByteArray();
	}

	private static void open(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	/**
	 * Shows the service's log.
	 */
	static class ShowLog implements TestExecutionExceptionHandler {

		@Override
		public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
			service.handleTestExecutionException(context, failure);
		}

	}

}
