package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import io.github.gracefulrestart.testsupport.ServerProcess;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service whose restarts are made to fail, with a light load on it that must not
 * notice. Registered as an extension it shows the end of the service's log when a test
 * fails.
 */
final class FailingService implements AutoCloseable, TestExecutionExceptionHandler {

	static final Duration PATIENCE = SampleService.PATIENCE;

	private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(3);

	private static final int TAIL = 80;

	/** More than any process needs to become ready. */
	private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

	private static final Pattern LAUNCHED = LogLines.LAUNCHED_PID;

	private final SampleService service;

	/**
	 * The path of a socket must be short, and the project may be checked out at a long
	 * path.
	 */
	private final Path controlDirectory;

	private LoadGenerator fresh;

	private LoadGenerator reused;

	private int mark;

	private FailingService(SampleService service, Path controlDirectory) {
		this.service = service;
		this.controlDirectory = controlDirectory;
	}

	static FailingService start(String name, String... arguments) {
		return start(SampleService.named(name).args(arguments));
	}

	static FailingService start(String name, List<String> jvmArguments, String... arguments) {
		return start(SampleService.named(name).jvmArgs(jvmArguments.toArray(String[]::new)).args(arguments));
	}

	static FailingService start(SampleService.Builder builder) {
		return start(builder, TERMINATION_TIMEOUT);
	}

	static FailingService start(SampleService.Builder builder, Duration terminationTimeout) {
		Path control = createControlDirectory();
		return new FailingService(prepare(builder, control, terminationTimeout).start(), control);
	}

	/**
	 * Start, and do not wait until it is ready.
	 */
	static FailingService launch(SampleService.Builder builder) {
		Path control = createControlDirectory();
		return new FailingService(prepare(builder, control, TERMINATION_TIMEOUT).launch(), control);
	}

	private static SampleService.Builder prepare(SampleService.Builder builder, Path control,
			Duration terminationTimeout) {
		int port = SampleService.freePort();
		return builder.port(port)
			.args("--server.port=" + port,
					"--graceful.restart.termination-timeout=" + terminationTimeout.toMillis() + "ms",
					"--graceful.restart.control-directory=" + control, SampleService.PATIENT_CONNECTIONS);
	}

	private static Path createControlDirectory() {
		try {
			return Files.createTempDirectory("it-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	SampleService service() {
		return this.service;
	}

	ServerProcess process() {
		return this.service.process();
	}

	// -- load

	void startLoad() {
		this.fresh = LoadGenerator.start(
				LoadSettings.close(this.service.port(), 2).rate(50).timeout(REQUEST_TIMEOUT).name("new connections"));
		this.reused = LoadGenerator
			.start(LoadSettings.keepAlive(this.service.port(), 2).rate(50).timeout(REQUEST_TIMEOUT).name("keep-alive"));
		this.fresh.awaitRequests(10, PATIENCE);
		this.reused.awaitRequests(10, PATIENCE);
	}

	/**
	 * Only new connections: those that are kept alive die with the process that holds
	 * them.
	 */
	void startLoadOfNewConnections() {
		this.fresh = LoadGenerator.start(
				LoadSettings.close(this.service.port(), 2).rate(50).timeout(REQUEST_TIMEOUT).name("new connections"));
	}

	/**
	 * Wait until a number of further requests on new connections has been answered.
	 */
	void awaitRequests(int count) {
		this.fresh.awaitRequests(this.fresh.requests() + count, PATIENCE);
	}

	void assertNothingLost() {
		assertThat(stopLoad()).allSatisfy((report) -> assertThat(report.failures()).as(report.toString()).isZero());
	}

	/**
	 * Stop the load, after some more requests.
	 * @return what each part of it has seen
	 */
	List<LoadReport> stopLoad() {
		List<LoadReport> reports = new ArrayList<>();
		for (LoadGenerator load : new LoadGenerator[] { this.fresh, this.reused }) {
			if (load != null) {
				load.awaitRequests(load.requests() + 10, PATIENCE);
				reports.add(load.stop());
			}
		}
		this.fresh = null;
		this.reused = null;
		return reports;
	}

	// -- restarts

	/**
	 * Suspend a process. If it is the predecessor, its probation lasts until the test is
	 * done with it, however slow the machine is.
	 */
	void suspend(long pid) {
		process().signal(pid, "STOP");
		await("a stopped process").atMost(PATIENCE).until(() -> ProcFs.isStopped(pid));
	}

	/**
	 * Let a suspended process go on.
	 */
	void resume(long pid) {
		process().signal(pid, "CONT");
	}

	/**
	 * From now on, output means what comes from now on.
	 */
	void mark() {
		this.mark = process().output().length();
	}

	String outputSinceMark() {
		return process().output().substring(this.mark);
	}

	void awaitOutput(String text) {
		await("'" + text + "' in the output").atMost(PATIENCE).until(() -> outputSinceMark().contains(text));
	}

	long trigger() {
		return trigger("USR2");
	}

	long trigger(String signal) {
		mark();
		process().signal(this.service.pid(), signal);
		return awaitSuccessor();
	}

	long awaitSuccessor() {
		await("a successor").atMost(PATIENCE).until(() -> LAUNCHED.matcher(outputSinceMark()).find());
		Matcher matcher = LAUNCHED.matcher(outputSinceMark());
		assertThat(matcher.find()).isTrue();
		return Long.parseLong(matcher.group(1));
	}

	void awaitState(String state) {
		await("state " + state).atMost(PATIENCE).until(() -> status("$.state").equals(state));
	}

	String status(String path) throws RequestFailedException {
		return String.valueOf(JsonPath.<Object>read(this.service.get("/actuator/reload").text(), path));
	}

	long number(String path) throws RequestFailedException {
		return Long.parseLong(status(path));
	}

	/**
	 * Wait for the end of a restart that did not succeed, and check all that must be so
	 * however it failed.
	 * @return the reason
	 */
	String awaitFailure(long predecessor, long successor, String outcome) throws RequestFailedException {
		awaitOutput("Graceful restart " + outcome + ": ");
		awaitState("serving");
		assertThat(this.service.pid()).isEqualTo(predecessor);
		assertThat(number("$.pid")).isEqualTo(predecessor);
		assertThat(status("$.lastRestart.outcome")).isEqualTo(outcome.replace(' ', '-'));
		assertThat(number("$.lastRestart.successorPid")).isEqualTo(successor);
		assertThat(status("$.listeners[*].accepting")).contains("true").doesNotContain("false");
		assertThat(ProcFs.isRunning(successor)).isFalse();
		assertThat(ProcFs.zombiesOf(predecessor)).isEmpty();
		assertThat(process().running()).extracting(ProcessHandle::pid).containsExactly(predecessor);
		assertNoFilesLeft();
		assertThat(outputSinceMark()).contains("Continuing to serve as generation ");
		return status("$.lastRestart.reason");
	}

	/**
	 * Restart once more, without anything in the way.
	 */
	void restart() throws RequestFailedException {
		long predecessor = this.service.pid();
		long successor = trigger();
		process().awaitExit(predecessor, PATIENCE);
		awaitOutput(LogLines.predecessorGone(predecessor));
		awaitState("serving");
		assertThat(this.service.pid()).isEqualTo(successor);
		assertThat(status("$.lastRestart.outcome")).isEqualTo("completed");
		assertNoFilesLeft();
	}

	void assertNoFilesLeft() {
		await("an empty directory for temporary files").atMost(PATIENCE)
			.untilAsserted(() -> assertThat(leftFiles()).isEmpty());
	}

	private List<Path> leftFiles() {
		return Stream.of(this.service.temporaryDirectory(), this.controlDirectory)
			.flatMap((directory) -> FileTree.list(directory).stream())
			.filter((file) -> file.getFileName().toString().startsWith("graceful-restart-"))
			.toList();
	}

	/**
	 * Return the control socket of the restart that is under way.
	 */
	Path controlSocket() {
		try (Stream<Path> files = Files.list(this.controlDirectory)) {
			Path directory = files.filter((file) -> file.getFileName().toString().startsWith("graceful-restart-"))
				.findFirst()
				.orElseThrow();
			return directory.resolve("control");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// -- what the next generation finds

	/**
	 * Change the configuration beside the jar.
	 */
	void configure(String... lines) {
		write("application.properties", String.join("\n", lines));
	}

	Path write(String name, String content) {
		try {
			return Files.writeString(this.service.directory().resolve(name), content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	HttpAnswer reload(String query) throws RequestFailedException {
		mark();
		return this.service.post("/actuator/reload" + query);
	}

	/**
	 * Ask for a fault, if the service is a {@link FaultyApplication}.
	 */
	Fault arm(long generation, String point, FaultAction action) {
		return Fault.arm(this.service.directory(), generation, point, action);
	}

	@Override
	public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
		failure.addSuppressed(new AssertionError("End of the service's log:\n" + process().tail(TAIL)));
		throw failure;
	}

	@Override
	public void close() {
		if (this.fresh != null) {
			this.fresh.close();
		}
		if (this.reused != null) {
			this.reused.close();
		}
		this.service.close();
		FileTree.deleteRecursively(this.controlDirectory);
	}

}
