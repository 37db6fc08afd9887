package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample application in a process-id namespace of its own, under a supervisor or as
 * its PID 1. It is watched from outside, by its answers and by what the kernel tells.
 */
final class SupervisedService implements AutoCloseable {

	private static final Duration PATIENCE = SampleService.PATIENCE;

	/** Not much, so that all that follows it happens soon. */
	private static final String PROBATION = "200ms";

	private static final Pattern IDENTITY = Pattern.compile("pid=(\\d+) generation=(\\d+)");

	private final Path directory;

	private final int port = SampleService.freePort();

	private Process unshare;

	private SupervisedService(Path directory) {
		this.directory = directory;
	}

	static SupervisedService in(String name) throws IOException {
		Path directory = Path.of("target", "it", "supervised-" + name).toAbsolutePath();
		FileTree.deleteRecursively(directory);
		Files.createDirectories(directory);
		return new SupervisedService(directory);
	}

	Path directory() {
		return this.directory;
	}

	int port() {
		return this.port;
	}

	/**
	 * Return the command line of the service itself.
	 */
	List<String> command(String... arguments) {
		SampleApplication application = SampleApplication.get();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(SampleService.JVM_ARGUMENTS);
		command.addAll(List.of("-XX:SharedArchiveFile=" + application.archive(), "-jar", application.jar().toString(),
				"--server.port=" + this.port, "--graceful.restart.probation=" + PROBATION));
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * Return a script that runs the service, for supervisors that want one.
	 */
	Path script(String name, String... arguments) throws IOException {
		String line = command(arguments).stream()
			.map((argument) -> "'" + argument + "'")
			.reduce("", (one, other) -> one + " " + other);
		Path script = this.directory.resolve(name);
		Files.createDirectories(script.getParent());
		Files.writeString(script, "#!/bin/sh\nexec" + line + "\n");
		assertThat(script.toFile().setExecutable(true)).isTrue();
		return script;
	}

	/**
	 * Start a program as PID 1 of a new namespace, and wait until the service is ready: a
	 * restart is refused before.
	 */
	SupervisedService start(List<String> program) throws IOException {
		List<String> line = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
		line.addAll(program);
		this.unshare = OrdinaryProcess.builder(line)
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output.log").toFile())
			.start();
		await("readiness").atMost(PATIENCE).until(() -> {
			assertThat(this.unshare.isAlive()).as(this::output).isTrue();
			return isReady();
		});
		return this;
	}

	private boolean isReady() {
		try {
			return RawHttp.fetch(this.port, "/actuator/reload").text().contains("\"state\":\"serving\"");
		}
		catch (RequestFailedException ex) {
			return false;
		}
	}

	String output() {
		try {
			return Files.readString(this.directory.resolve("output.log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return PID 1 of the namespace.
	 */
	ProcessHandle init() {
		return this.unshare.children().findFirst().orElseThrow();
	}

	/**
	 * Return the process that the supervisor has started: the one that began first.
	 */
	ProcessHandle known() {
		return init().children()
			.min(Comparator.comparing((process) -> process.info().startInstant().orElseThrow()))
			.orElseThrow();
	}

	int generation() throws RequestFailedException {
		return Integer.parseInt(identity().group(2));
	}

	private Matcher identity() throws RequestFailedException {
		String text = RawHttp.fetch(this.port, "/hello").text();
		Matcher matcher = IDENTITY.matcher(text);
		assertThat(matcher.find()).as(text).isTrue();
		return matcher;
	}

	/**
	 * Restart, and wait until the successor serves alone.
	 * @param keeper which process is to stay
	 */
	void restart(ProcessHandle keeper, String signal) throws IOException, RequestFailedException {
		int generation = generation();
		int length = output().length();
		signal(keeper, signal);
		await("a successor").atMost(PATIENCE).until(() -> generation() > generation);
		await("the end of the predecessor").atMost(PATIENCE)
			.until(() -> output().substring(length).contains("serves alone"));
		assertThat(generation()).isEqualTo(generation + 1);
		await("a keeper").atMost(PATIENCE).until(() -> name(keeper).contains("keeper"));
	}

	private static String name(ProcessHandle process) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).replace('\0', ' ').strip();
	}

	/**
	 * Return the process that serves, as this machine knows it.
	 */
	ProcessHandle serving() {
		Optional<ProcessHandle> last = init().descendants()
			.filter((process) -> process.info().command().orElse("").endsWith("java"))
			.max(Comparator.comparing((process) -> process.info().startInstant().orElseThrow()));
		return last.orElseThrow();
	}

	static void signal(ProcessHandle process, String signal) throws IOException {
		try {
			assertThat(new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start().waitFor())
				.isZero();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * Wait for the end of the namespace.
	 * @return the status of its PID 1
	 */
	int awaitEnd() throws InterruptedException {
		assertThat(this.unshare.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
		return this.unshare.exitValue();
	}

	void assertRefused() {
		try {
			RawHttp.fetch(this.port, "/hello");
			throw new AssertionError("Somebody still answers");
		}
		catch (RequestFailedException ex) {
			// As it should
		}
	}

	@Override
	public void close() {
		if (this.unshare != null) {
			this.unshare.destroyForcibly();
		}
	}

}
