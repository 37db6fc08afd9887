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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Somebody else wants to be the successor, or the successor does not behave like one.
 */
class IntruderIT extends WithFailingService {

	private static final String NOBODY = "65534";

	private long predecessor;

	private long successor;

	@BeforeEach
	void start() throws Exception {
		this.service = FailingService
			.start(FaultyApplication.get().service("intruder").args("--graceful.restart.startup-timeout=20s"));
		this.service.startLoad();
		this.predecessor = this.service.service().pid();
	}

	/**
	 * The successor is stopped before it can connect.
	 */
	private void launch() {
		this.successor = this.service.trigger();
		this.service.process().signal(this.successor, "STOP");
	}

	@Test
	void whenAnotherUserConnectsThenIsRefusedAndTheRestartSucceeds() throws Exception {
		assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
		launch();
		Path socket = this.service.controlSocket();
		Path directory = socket.getParent();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
		open(directory.getParent(), "rwxr-xr-x");
		open(socket, "rwxrwxrwx");
		assertThat(intrude(NOBODY, socket)).isEqualTo(Intruder.NOT_LET_IN);
		// Now with the door open, and with the right token
		open(directory, "rwxr-xr-x");
		assertThat(intrude(NOBODY, socket)).isEqualTo(Intruder.REFUSED);
		this.service.awaitOutput(", uid " + NOBODY + "). Refused, the restart goes on");
		assertRestartSucceeds();
	}

	@Test
	void whenAnotherProcessKnowsTheTokenThenIsRefusedAndTheRestartSucceeds() throws Exception {
		launch();
		assertThat(intrude(null, this.service.controlSocket())).isEqualTo(Intruder.REFUSED);
		this.service.awaitOutput(LogLines.INTRUDER);
		assertRestartSucceeds();
	}

	@Test
	void tokenIsInTheEnvironmentOfTheSuccessorOnly() throws Exception {
		launch();
		String token = token();
		assertThat(token).hasSize(64);
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
		assertRestartSucceeds();
		assertThat(this.service.process().output()).doesNotContain(token);
	}

	@Test
	void whenTheSuccessorHasAnotherTokenThenIsRefusedByNameAndThePredecessorServesOn() throws Exception {
		this.service.close();
		Path home = Files.createTempDirectory("it-");
		try {
			Path mistake = forgetfulJava(home);
			this.service = FailingService
				.start(FaultyApplication.get().service("intruder").args("--graceful.restart.launch.java-home=" + home));
			this.service.startLoad();
			this.predecessor = this.service.service().pid();
			this.successor = this.service.trigger();
			this.service.awaitFailure(this.predecessor, this.successor, "failed");
			assertThat(this.service.outputSinceMark())
				.contains("the successor (pid " + this.successor + ") was refused: its token is wrong")
				.contains("the predecessor refused this process: its token is wrong");
			Files.delete(mistake);
			this.service.restart();
			this.service.assertNothingLost();
		}
		finally {
			FileTree.deleteRecursively(home);
		}
	}

	/**
	 * An executable that starts Java in the same process with another token, while a file
	 * lies beside it. No setting of the application can do that.
	 */
	private static Path forgetfulJava(Path home) throws IOException {
		Path mistake = home.resolve("mistake");
		Path java = home.resolve("bin").resolve("java");
		Files.createDirectories(java.getParent());
		Files.createFile(mistake);
		Files.writeString(java,
				"#!/bin/sh\nif [ -e '" + mistake + "' ]; then export GRACEFUL_RESTART_TOKEN=" + "0".repeat(64)
						+ "; fi\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' \"$@\"\n");
		open(java, "rwxr-xr-x");
		return mistake;
	}

	@Test
	void whenTheSuccessorIsSilentThenIsGivenUpAndThePredecessorServesOn() throws Exception {
		Fault fault = this.service.arm(2, "before Hello", FaultAction.SILENCE);
		this.successor = this.service.trigger();
		fault.awaitReached();
		fault.release();
		this.service.awaitOutput("a peer of the control socket was refused: the peer did not answer in time");
		this.service.awaitFailure(this.predecessor, this.successor, "failed");
		this.service.restart();
		this.service.assertNothingLost();
	}

	private void assertRestartSucceeds() throws Exception {
		assertThat(this.service.status("$.state")).isEqualTo("launching");
		this.service.process().signal(this.successor, "CONT");
		this.service.process().awaitExit(this.predecessor, FailingService.PATIENCE);
		this.service.awaitOutput(LogLines.predecessorGone(this.predecessor));
		assertThat(this.service.service().pid()).isEqualTo(this.successor);
		this.service.assertNothingLost();
		this.service.assertNoFilesLeft();
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

}
