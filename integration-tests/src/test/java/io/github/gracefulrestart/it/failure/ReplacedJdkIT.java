package io.github.gracefulrestart.it.failure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The JDK is replaced under the running service, in the way of a package manager: each
 * new file is renamed over the old one. The service runs from a copy of a JDK.
 */
class ReplacedJdkIT extends WithFailingService {

	private static final List<String> PARTS = List.of("bin", "lib", "conf", "release");

	private static final Path INSTALLED = Path.of("/usr/lib/jvm");

	private Path jdk;

	@AfterEach
	@Override
	void stop() throws Exception {
		super.stop();
		if (this.jdk != null) {
			Commands.run("rm", "-rf", this.jdk.toString());
		}
	}

	@Test
	void whenPatchedToAnotherVersionThenSuccessorRunsThat() throws Exception {
		Path other = otherJdk();
		start("patched-jdk");
		this.service.startLoad();
		String before = javaVersion();
		long predecessor = this.service.service().pid();
		List<String> environment = environment(predecessor);
		try (OrdinaryJvm control = new OrdinaryJvm()) {
			patch(other);
			assertThat(control.startProcess()).contains("Cannot run program \"true\"");
		}
		this.service.restart();
		long second = this.service.service().pid();
		assertThat(javaVersion()).isNotEqualTo(before);
		assertThat(environment(second)).containsAll(environment);
		assertThat(ProcFs.zombiesOf(second)).isEmpty();
		// Started from a complete JDK again, and nothing differs
		List<String> commandLine = ProcFs.commandLine(second);
		List<String> secondEnvironment = environment(second);
		this.service.restart();
		long third = this.service.service().pid();
		assertThat(ProcFs.commandLine(third)).isEqualTo(commandLine);
		assertThat(environment(third)).isEqualTo(secondEnvironment);
		this.service.assertNothingLost();
	}

	@Test
	void whenRemovedOrBrokenThenServesOn() throws Exception {
		start("removed-jdk");
		this.service.startLoad();
		long predecessor = this.service.service().pid();

		Path executable = this.jdk.resolve("bin/java");
		Path hidden = Files.move(executable, this.jdk.resolve("bin/hidden"));
		this.service.mark();
		this.service.process().signal("USR2");
		this.service.awaitOutput(LogLines.refused("signal USR2") + "the Java executable " + executable
				+ " does not exist or is not executable. Continuing to serve as generation 1");
		this.service.awaitState("serving");
		Files.move(hidden, executable);

		Files.move(this.jdk.resolve("lib"), this.jdk.resolve("hidden"));
		long successor = this.service.trigger();
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.startsWith("successor (pid " + successor + ") exited with code ")
			.endsWith(" before it was ready");
		assertThat(this.service.status("$.lastRestart.detail")).contains("libjli.so");
		Files.move(this.jdk.resolve("hidden"), this.jdk.resolve("lib"));

		// As that of another version does
		Path helper = Files.writeString(this.jdk.resolve("lib/new"), "#!/bin/sh\nexit 1\n");
		Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
		try (OrdinaryJvm control = new OrdinaryJvm()) {
			Files.move(helper, this.jdk.resolve("lib/jspawnhelper"), StandardCopyOption.ATOMIC_MOVE);
			assertThat(control.startProcess()).contains("Cannot run program \"true\"");
		}
		this.service.restart();
		this.service.assertNothingLost();
	}

	/**
	 * The one that was named, or any that Debian or others have put beside this one.
	 */
	private static Path otherJdk() throws IOException {
		String named = System.getProperty("other.java.home");
		List<Path> candidates = new ArrayList<>();
		if (named != null) {
			candidates.add(Path.of(named));
		}
		else if (Files.isDirectory(INSTALLED)) {
			try (Stream<Path> homes = Files.list(INSTALLED)) {
				homes.sorted().forEach(candidates::add);
			}
		}
		return candidates.stream()
			.filter((home) -> PARTS.stream().allMatch((part) -> Files.isReadable(home.resolve(part))))
			.filter((home) -> !version(home).equals(version(Path.of(System.getProperty("java.home")))))
			.findFirst()
			.orElseGet(() -> Assumptions.abort("There is no JDK of another version in " + INSTALLED
					+ ": name the home of one with -Dother.java.home to run this test"));
	}

	private static List<String> version(Path home) {
		try (Stream<String> lines = Files.lines(home.resolve("release"))) {
			return lines.filter((line) -> line.startsWith("JAVA_VERSION=")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void start(String name) throws Exception {
		SampleService.Builder builder = SampleService.named(name);
		this.jdk = builder.directory().resolve("jdk");
		Path own = Path.of(System.getProperty("java.home")).toRealPath();
		Files.createDirectories(this.jdk);
		for (String part : PARTS) {
			Commands.run("cp", "-a", own.resolve(part).toString(), this.jdk.toString());
		}
		this.service = FailingService.start(builder.args("--management.info.java.enabled=true")
			.process((process) -> process.java(this.jdk.resolve("bin/java"))));
	}

	private void patch(Path other) throws IOException {
		for (String part : PARTS) {
			List<Path> files;
			try (Stream<Path> tree = Files.walk(other.toRealPath().resolve(part))) {
				files = tree.filter(Files::isRegularFile).toList();
			}
			for (Path file : files) {
				Path target = this.jdk.resolve(other.toRealPath().relativize(file).toString());
				Files.createDirectories(target.getParent());
				Path fresh = Files.copy(file, target.resolveSibling(target.getFileName() + ".new"),
						StandardCopyOption.COPY_ATTRIBUTES);
				Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
			}
		}
	}

	private String javaVersion() throws Exception {
		return JsonPath.read(this.service.service().get("/actuator/info").text(), "$.java.version");
	}

	/** Without what says which restart it is. */
	private static List<String> environment(long pid) {
		return ProcFs.environment(pid)
			.stream()
			.filter((entry) -> !entry.startsWith("GRACEFUL_RESTART_"))
			.sorted()
			.toList();
	}

	/**
	 * A JVM that runs from the same JDK and starts a process as Java programs do.
	 */
	private final class OrdinaryJvm implements AutoCloseable {

		private static final String PROGRAM = """
				class StartProcess {
					public static void main(String[] arguments) throws Exception {
						System.out.println("ready");
						System.in.read();
						try {
							System.out.println("exit code " + new ProcessBuilder("true").start().waitFor());
						}
						catch (java.io.IOException ex) {
							System.out.println(ex);
						}
					}
				}
				""";

		private final Process process;

		private final BufferedReader output;

		OrdinaryJvm() throws IOException {
			Path program = Files.writeString(ReplacedJdkIT.this.jdk.resolveSibling("StartProcess.java"), PROGRAM);
			this.process = OrdinaryProcess
				.builder(ReplacedJdkIT.this.jdk.resolve("bin/java").toString(), program.toString())
				.redirectErrorStream(true)
				.start();
			this.output = this.process.inputReader();
			assertThat(this.output.readLine()).isEqualTo("ready");
		}

		/**
		 * Start a process.
		 * @return how it ended, or why it did not start
		 */
		String startProcess() throws IOException {
			this.process.getOutputStream().write('\n');
			this.process.getOutputStream().flush();
			return this.output.lines().collect(Collectors.joining("\n"));
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
