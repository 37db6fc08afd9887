package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.posix.ProcessStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Launches with this JVM's own command line, but a shell script in the place of Java.
 */
class SuccessorLauncherTests {

	@TempDir
	Path directory;

	private Path javaHome;

	private SuccessorFlag flag;

	private final List<Boolean> shields = new ArrayList<>();

	@BeforeEach
	void createJava() throws IOException {
		this.javaHome = this.directory.resolve("jdk \u00e4");
		Files.createDirectories(this.javaHome.resolve("bin"));
		release("17.0.15");
		this.flag = new SuccessorFlag(ProcessHandle.current().pid(), this.directory.resolve("control"), "secret", 3,
				false, SuccessorFlag.Handover.NONE);
	}

	private void release(String version) throws IOException {
		Files.writeString(this.javaHome.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
	}

	@Test
	void successorGetsTheCommandLineTheEnvironmentAndTheDirectory() throws Exception {
		java("""
				{ printf '%s\\0' "$@"; } > arguments
				env > environment
				pwd > directory
				echo to standard output
				echo to standard error >&2
				exit 3
				""");
		Path variables = Files.writeString(this.directory.resolve("variables"),
				"FROM_FILE=a b\nPATH=/from/file:/usr/bin:/bin\n");
		SuccessorProcess process = launcher(List.of("-Xadded", "-Dx=\u00e4 b"), variables).launch(this.flag, List.of(),
				this.directory, Map.of());
		CompletableFuture<Integer> exit = new CompletableFuture<>();
		process.onExit(exit::complete);
		assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(3);
		assertThat(this.shields).containsExactly(true, false);
		assertThat(process.isAlive()).isFalse();
		assertThat(process.outputTail()).contains("to standard output\n").contains("to standard error\n");
		List<String> arguments = List.of(Files.readString(this.directory.resolve("arguments")).split("\0"));
		List<String> own = List.of(Files.readString(Path.of("/proc/self/cmdline")).split("\0"));
		assertThat(arguments.subList(0, 2)).containsExactly("-Xadded", "-Dx=\u00e4 b");
		assertThat(arguments.subList(2, arguments.size())).isEqualTo(own.subList(1, own.size()));
		assertThat(Files.readAllLines(this.directory.resolve("environment"))).contains("FROM_FILE=a b",
				"PATH=/from/file:/usr/bin:/bin", "GRACEFUL_RESTART_GENERATION=3", "GRACEFUL_RESTART_TOKEN=secret",
				"GRACEFUL_RESTART_INSERTED_ARGUMENTS=2",
				"GRACEFUL_RESTART_FILE_VARIABLES=FROM_FILE,PATH=" + hex(System.getenv("PATH")),
				"_JAVA_SR_SIGNUM=" + System.getenv().getOrDefault("_JAVA_SR_SIGNUM", "50"));
		assertThat(Path.of(Files.readString(this.directory.resolve("directory")).strip()).toRealPath())
			.isEqualTo(this.directory.toRealPath());
	}

	@ParameterizedTest
	@CsvSource({ "17.0.15,0", "23.0.2,0", "24,1", "25.0.3,1" })
	void whenTheJdkWarnsOfNativeAccessThenSuccessorIsPermittedIt(String version, int inserted) throws Exception {
		release(version);
		java("""
				{ printf '%s\\0' "$@"; } > arguments
				env > environment
				""");
		SuccessorProcess process = launcher(List.of("-Xadded"), null).launch(this.flag, List.of(), this.directory,
				Map.of());
		Awaitility.await().until(() -> !process.isAlive());
		List<String> arguments = List.of(Files.readString(this.directory.resolve("arguments")).split("\0"));
		assertThat(arguments.subList(0, inserted)).allMatch("--enable-native-access=ALL-UNNAMED"::equals);
		assertThat(arguments.get(inserted)).isEqualTo("-Xadded");
		assertThat(Files.readAllLines(this.directory.resolve("environment")))
			.contains("GRACEFUL_RESTART_INSERTED_ARGUMENTS=" + (inserted + 1));
	}

	@Test
	void whenOptionsCollideThenSuccessorGetsOthers() throws Exception {
		java("""
				{ printf '%s\\0' "$@"; } > arguments
				env > environment
				""");
		SuccessorLauncher launcher = launcher(
				List.of("-Dcom.sun.management.jmxremote.port=9010", "-Xadded", "-Xloggc:gc.log"), null);
		assertThat(launcher.plan(3).collisions()).extracting(Collision::remedy)
			.contains(Collision.Remedy.DROPPED, Collision.Remedy.SHIFTED);
		SuccessorProcess process = launcher.launch(this.flag, List.of(), this.directory, Map.of());
		Awaitility.await().until(() -> !process.isAlive());
		assertThat(List.of(Files.readString(this.directory.resolve("arguments")).split("\0")).subList(0, 2))
			.containsExactly("-Xadded", "-Xloggc:gc-3.log");
		assertThat(Files.readAllLines(this.directory.resolve("environment")))
			.contains("GRACEFUL_RESTART_INSERTED_ARGUMENTS=2");
	}

	@Test
	void whenSuccessorIgnoresTheRequestToEndThenIsKilled() throws Exception {
		java("""
				trap '' TERM
				echo ready
				while :; do sleep 0.1; done
				""");
		SuccessorProcess process = launcher(List.of(), null).launch(this.flag, List.of(), this.directory, Map.of());
		Awaitility.await().until(() -> process.outputTail().contains("ready"));
		CompletableFuture<Integer> exit = new CompletableFuture<>();
		process.onExit(exit::complete);
		process.terminate(Duration.ofMillis(200));
		assertThat(process.isAlive()).isFalse();
		assertThat(exit.get(5, TimeUnit.SECONDS)).isEqualTo(128 + 9);
		process.terminate(Duration.ofMillis(200));
	}

	@Test
	void whenJavaIsMissingThenSaysSo() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher(List.of(), null).plan(3))
			.withMessage("the Java executable " + this.javaHome.resolve("bin/java")
					+ " does not exist or is not executable");
	}

	@Test
	void whenJavaCannotBeExecutedThenSaysSo() throws IOException {
		java("exit 0");
		Files.setPosixFilePermissions(this.javaHome.resolve("bin/java"), PosixFilePermissions.fromString("rw-------"));
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher(List.of(), null).plan(3))
			.withMessageEndingWith("does not exist or is not executable");
	}

	@Test
	void whenEnvironmentFileCannotBeReadThenSaysWhy() throws IOException {
		java("exit 0");
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher(List.of(), missing).plan(3))
			.withMessage("the environment file " + missing + " cannot be read: no such file");
		Path binary = Files.write(this.directory.resolve("binary"), new byte[] { 'A', '=', (byte) 0xe9, '\n' });
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher(List.of(), binary).plan(3))
			.withMessage("the environment file " + binary + " cannot be read: it is not text in UTF-8");
	}

	@Test
	void whenExecutableCannotBeStartedThenSaysSo() throws IOException {
		java("");
		Files.writeString(this.javaHome.resolve("bin/java"), "#!/nowhere/interpreter\n");
		assertThatExceptionOfType(LaunchException.class)
			.isThrownBy(() -> launcher(List.of(), null).launch(this.flag, List.of(), this.directory, Map.of()))
			.withMessageStartingWith("the successor could not be started: ");
	}

	@Test
	void whenAnotherProgramIsNamedThenItIsRunAsItIs() throws Exception {
		Path program = this.directory.resolve("start.sh");
		Files.writeString(program, "#!/bin/sh\n{ printf '%s\\0' \"$0\" \"$@\"; } > arguments\nenv > environment\n");
		SuccessorLauncher launcher = new SuccessorLauncher(new LaunchSettings(List.of("start.sh", "--prod", "\u00e4 b"),
				null, List.of(), null, CollisionRules.DEFAULT), origin(), this.shields::add);
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher.plan(3))
			.withMessage(
					"the program " + program + " of graceful.restart.launch.command is not executable for this user");
		Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
		SuccessorProcess process = launcher.launch(this.flag, List.of(), this.directory, Map.of());
		assertThat(process.isStartedByCommand()).isTrue();
		Awaitility.await().until(() -> !process.isAlive());
		assertThat(List.of(Files.readString(this.directory.resolve("arguments")).split("\0")))
			.containsExactly(program.toString(), "--prod", "\u00e4 b");
		assertThat(Files.readAllLines(this.directory.resolve("environment")))
			.contains("GRACEFUL_RESTART_COMMAND=true", "GRACEFUL_RESTART_TOKEN=secret", "GRACEFUL_RESTART_GENERATION=3")
			.noneMatch((line) -> line.startsWith("GRACEFUL_RESTART_EXECUTABLE=")
					|| line.startsWith("GRACEFUL_RESTART_INSERTED_ARGUMENTS="));
		Files.delete(program);
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launcher.plan(3))
			.withMessage("the program " + program + " of graceful.restart.launch.command does not exist");
	}

	@Test
	void whenAProgramIsTerminatedThenAllThatItHasStartedGoes() throws Exception {
		Path program = this.directory.resolve("start.sh");
		Files.writeString(program, """
				#!/bin/sh
				setsid sleep 600 &
				echo $! > sleeping
				sh -c 'trap "" TERM; while :; do sleep 0.1; done' &
				echo $! > stubborn
				echo ready
				""");
		Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
		SuccessorProcess process = new SuccessorLauncher(
				new LaunchSettings(List.of("./start.sh"), null, List.of(), null, CollisionRules.DEFAULT), origin(),
				this.shields::add)
			.launch(this.flag, List.of(), this.directory, Map.of());
		CompletableFuture<Integer> exit = new CompletableFuture<>();
		process.onExit(exit::complete);
		Awaitility.await().until(() -> process.outputTail().contains("ready") && !process.isAlive());
		for (String name : List.of("sleeping", "stubborn")) {
			assertThat(ProcessStatus.isRunning(pid(name))).as(name).isTrue();
		}
		assertThat(exit).isNotDone();
		process.terminate(Duration.ofMillis(300));
		for (String name : List.of("sleeping", "stubborn")) {
			assertThat(ProcessStatus.isRunning(pid(name))).as(name).isFalse();
		}
		assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
	}

	private long pid(String name) throws IOException {
		return Long.parseLong(Files.readString(this.directory.resolve(name)).strip());
	}

	private LaunchOrigin origin() {
		WorkingDirectory here = WorkingDirectory.of(null, this.directory);
		return new LaunchOrigin(here, OwnProgram.current(this.directory, false),
				InheritedDescriptors.ofFirstGeneration(Map.of()), false);
	}

	private static String hex(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

	private void java(String script) throws IOException {
		Path java = this.javaHome.resolve("bin/java");
		Files.writeString(java, "#!/bin/sh\n" + script);
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
	}

	private SuccessorLauncher launcher(List<String> jvmArguments, Path environmentFile) {
		return new SuccessorLauncher(
				new LaunchSettings(List.of(), this.javaHome, jvmArguments, environmentFile, CollisionRules.DEFAULT),
				origin(), this.shields::add);
	}

}
