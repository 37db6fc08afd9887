package io.github.gracefulrestart.it.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.Poll;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Lines with which operators start a service, by scripts that become the JVM.
 */
class LaunchLineIT {

	private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toAbsolutePath();

	private static final Duration SETTLED = Duration.ofSeconds(2);

	private static final String NOBODY = "65534";

	@Test
	void whenTheLineOpensDescriptorsAndChoosesANameThenSuccessorsHaveThemToo() throws Exception {
		SampleService.Builder builder = SampleService.named("launch-line").args("--logging.file.name=app.log");
		Path java = script(builder, """
				mkfifo fifo
				exec 4>>audit 6<>fifo 7>>journal 9>lock
				flock -n 9 || exit 1
				echo of another process >> journal
				exec -a sleep '%s' "$@"
				""".formatted(JAVA));
		Path directory = builder.directory().toRealPath();
		try (SampleService service = builder.process((process) -> process.java(java)).start()) {
			long first = service.pid();
			assertThat(ProcFs.commandLine(first)).startsWith("sleep");
			assertThat(service.post("/actuator/reload?dry-run=true").status()).isEqualTo(200);
			List<String> commandLine = ProcFs.commandLine(first);
			long second = service.restart().successor();
			assertLikeFirst(second, commandLine, directory);
			// Some are closed a moment after the predecessor has exited
			long sockets = Poll.settled(() -> ProcFs.sockets(second), SETTLED, SampleService.PATIENCE);
			long third = service.restart().successor();
			assertLikeFirst(third, commandLine, directory);
			await("as many sockets").atMost(SampleService.PATIENCE).until(() -> ProcFs.sockets(third) == sockets);
			assertThatThrownBy(() -> tryLock(directory)).isInstanceOf(IOException.class);
		}
		// The kernel closes the files of a killed process with the last of its threads,
		// which may be a moment after the process counts as ended
		await("the lock to be free").untilAsserted(() -> assertThatNoException().isThrownBy(() -> tryLock(directory)));
	}

	private static void assertLikeFirst(long pid, List<String> commandLine, Path directory) throws IOException {
		assertThat(ProcFs.commandLine(pid)).isEqualTo(commandLine);
		assertThat(Path.of("/proc", String.valueOf(pid), "exe").toRealPath()).isEqualTo(JAVA.toRealPath());
		assertThat(ProcFs.descriptors(pid)).containsEntry(4, directory.resolve("audit").toString())
			.containsEntry(6, directory.resolve("fifo").toString())
			.containsEntry(7, directory.resolve("journal").toString())
			.containsEntry(9, directory.resolve("lock").toString());
		// Nothing else, and nothing that the application has opened
		assertThat(ProcFs.environment(pid)).contains("GRACEFUL_RESTART_INHERITED=4,6,7,9");
		assertThat(ProcFs.descriptors(pid).values()).containsOnlyOnce(directory.resolve("app.log").toString());
	}

	private static void tryLock(Path directory) throws Exception {
		Commands.run("flock", "-n", directory.resolve("lock").toString(), "true");
	}

	@Test
	void whenTheStarterIsNotJavaThenIsStartedOnceMoreOrSaysWhatToDo() throws Exception {
		SampleService.Builder builder = SampleService.named("launch-starter");
		Path home = builder.directory().resolve("image");
		Files.createDirectories(home.resolve("bin"));
		Files.createSymbolicLink(home.resolve("lib"), JAVA.getParent().resolveSibling("lib"));
		Files.createSymbolicLink(home.resolve("conf"), JAVA.getParent().resolveSibling("conf"));
		Path starter = Files.copy(JAVA, home.resolve("bin/shopd"));
		try (SampleService service = builder.process((process) -> process.java(starter)).start()) {
			List<String> commandLine = ProcFs.commandLine(service.pid());
			Files.writeString(builder.directory().resolve("application.properties"),
					"graceful.restart.launch.jvm-arguments=-Xmx128m\n");
			long second = service.restart().successor();
			assertThat(ProcFs.commandLine(second)).isEqualTo(commandLine);
			assertThat(Path.of("/proc", String.valueOf(second), "exe").toRealPath()).isEqualTo(starter.toRealPath());
			assertThat(service.post("/actuator/reload?dry-run=true").text())
				.contains("graceful.restart.launch.jvm-arguments is set, but this JVM was not started by java but by "
						+ starter)
				.contains("graceful.restart.launch.command");
			assertThat(service.post("/actuator/reload").status()).isEqualTo(422);
			assertThat(service.pid()).isEqualTo(second);
		}
	}

	/**
	 * As of a program with file capabilities: one that its user may run but not read. No
	 * linker's path has to be changed for it.
	 */
	@Test
	@Tag("exhaustive")
	void whenTheEnvironmentCannotBeReadThenRestarts() throws Exception {
		SampleService.Builder builder = SampleService.named("launch-unreadable").copyOfJar();
		Path home = builder.directory().resolve("image");
		Files.createDirectories(home.resolve("bin"));
		for (String part : List.of("lib", "conf")) {
			Files.createSymbolicLink(home.resolve(part), JAVA.getParent().resolveSibling(part));
		}
		Path java = Files.copy(JAVA, home.resolve("bin/java"));
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("--x--x--x"));
		boolean root = "root".equals(System.getProperty("user.name"));
		String become = root ? "setpriv --reuid=" + NOBODY + " --regid=" + NOBODY + " --clear-groups " : "";
		if (root) {
			Assumptions.assumeTrue(isOpen(builder.directory()),
					"Another user may not enter " + builder.directory() + ", so nothing can be run as one");
			Commands.run("chown", NOBODY, builder.directory().toString());
		}
		Path script = script(builder, """
				export GREETING=$(printf 'gr\\303\\274n')
				for argument; do case $argument in -Djava.io.tmpdir=*) %s ${argument#*=};; esac; done
				exec %s sh -c 'exec "$0" "$@"' '%s' "$@"
				""".formatted(root ? "chown " + NOBODY : "true", become, java));
		try (SampleService service = builder.process((process) -> process.java(script)).start()) {
			long first = service.pid();
			assertThat(Files.getOwner(Path.of("/proc", String.valueOf(first), "environ")).getName()).isEqualTo("root");
			assertThat(service.post("/actuator/reload?dry-run=true").status()).isEqualTo(200);
			long second = service.restart().successor();
			assertThat(service.restart().predecessor()).isEqualTo(second);
			assertThat(service.get("/hello").text()).endsWith("generation=3");
		}
	}

	private static boolean isOpen(Path directory) throws Exception {
		return Commands
			.run("setpriv", "--reuid=" + NOBODY, "--clear-groups", "sh", "-c",
					"test -x '" + directory + "' && echo open || echo closed")
			.contains("open");
	}

	/**
	 * Write what is to be started as if it were {@code java}.
	 */
	private static Path script(SampleService.Builder builder, String content) throws IOException {
		Path script = Files.writeString(builder.directory().resolve("start.sh"), "#!/bin/bash\n" + content);
		return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

}
