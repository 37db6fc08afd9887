package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One service under load, asked again and again what a restart would come to. Each test
 * finds it as the one before has found it.
 */
@Lengthy
@ExtendWith(DryRunIT.ShowLog.class)
class DryRunIT {

	private static final Pattern LAUNCHED = Pattern
		.compile("Dry run requested by endpoint: launched successor \\(pid (\\d+)\\), which gets no traffic");

	private static FailingService service;

	private long pid;

	private String generation;

	@BeforeAll
	static void start() {
		service = FailingService.start(SampleService.named("dry-run").copyOfJar());
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@BeforeEach
	void load() throws Exception {
		service.configure();
		service.startLoad();
		this.pid = service.service().pid();
		this.generation = service.status("$.generation");
		service.mark();
	}

	@AfterEach
	void nothingHasChanged() throws Exception {
		service.assertNothingLost();
		assertThat(service.status("$.state")).isEqualTo("serving");
		assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(service.service().pid());
		assertThat(ProcFs.zombiesOf(service.service().pid())).isEmpty();
		service.assertNoFilesLeft();
	}

	@Test
	void whenNothingStandsInTheWayThenAllChecksAreAnswered() throws Exception {
		String before = field("lastRestart");
		HttpAnswer answer = service.reload("?dry-run=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		DocumentContext json = JsonPath.parse(answer.text());
		assertThat(json.<Boolean>read("$.passed")).isTrue();
		assertThat(json.<String>read("$.message")).isEqualTo("a successor could be launched");
		assertThat(json.<Integer>read("$.pid")).isEqualTo((int) this.pid);
		assertThat(json.<List<String>>read("$.checks[*].check")).containsExactly("native-access", "listeners",
				"foreign-listeners", "control-directory", "executable", "files", "application", "jvm-options", "memory",
				"descriptors", "supervisor");
		assertThat(json.<List<String>>read("$.checks[*].result")).containsOnly("passed");
		assertThat(json.<Map<String, Object>>read("$")).doesNotContainKey("boot");
		assertThat(service.outputSinceMark())
			.contains("Dry run requested by endpoint: a successor could be launched. "
					+ "Continuing to serve as generation " + this.generation)
			.doesNotContain(LogLines.LAUNCHED);
		assertUnchanged(before);
	}

	@Test
	void whenBootedThenTheSuccessorIsReadyAndEndedAndTheNextRestartWorks() throws Exception {
		String before = field("lastRestart");
		double counted = dryRuns();
		HttpAnswer answer = service.reload("?dry-run=true&boot=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		DocumentContext json = JsonPath.parse(answer.text());
		assertThat(json.<Boolean>read("$.passed")).isTrue();
		assertThat(json.<Boolean>read("$.boot.ready")).isTrue();
		assertThat(json.<Integer>read("$.boot.millis")).isPositive();
		long successor = json.<Integer>read("$.boot.successorPid");
		assertThat(successor).isEqualTo(launched()).isNotEqualTo(this.pid);
		assertThat(ProcFs.isRunning(successor)).isFalse();
		assertThat(service.outputSinceMark())
			.contains("Dry run: successor (pid " + successor + ") became ready in ",
					" ms and has been terminated. Continuing to serve " + "as generation " + this.generation)
			.doesNotContain(LogLines.SERVING, " has exited");
		assertUnchanged(before);
		assertThat(dryRuns()).isEqualTo(counted + 1);
		service.assertNothingLost();
		service.startLoad();
		service.restart();
	}

	@Test
	void whenSuccessorWouldFailThenSaysWhy() throws Exception {
		String before = field("lastRestart");
		service.configure("sample.fail-start=true");
		HttpAnswer answer = service.reload("?dry-run=true&boot=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(500);
		DocumentContext json = JsonPath.parse(answer.text());
		assertThat(json.<Boolean>read("$.passed")).isFalse();
		assertThat(json.<Boolean>read("$.boot.ready")).isFalse();
		assertThat(json.<String>read("$.boot.reason")).isEqualTo(json.read("$.message"))
			.contains("failed to start: ", "Start failed because 'sample.fail-start' is set");
		assertThat(json.<String>read("$.boot.detail")).contains("Caused by: ");
		assertThat(service.outputSinceMark()).contains("Dry run: a restart would fail: successor (pid ");
		assertUnchanged(before);
	}

	@Test
	void whenJarIsTruncatedThenNothingIsLaunched() throws Exception {
		Path jar = service.service().directory().resolve("app.jar");
		Path whole = Files.move(jar, jar.resolveSibling("whole.jar"));
		try {
			byte[] bytes = Files.readAllBytes(whole);
			Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
			for (String query : new String[] { "?dry-run=true", "?dry-run=true&boot=true" }) {
				HttpAnswer answer = service.reload(query);
				assertThat(answer.status()).as(answer.text()).isEqualTo(422);
				DocumentContext json = JsonPath.parse(answer.text());
				assertThat(json.<String>read("$.message"))
					.startsWith("the jar " + jar + " is not a complete archive (");
				assertThat(json.<List<String>>read("$.checks[?(@.result == 'refused')].check"))
					.containsExactly("files");
				assertThat(service.outputSinceMark())
					.contains("Dry run requested by endpoint: a restart would be refused: the jar ")
					.doesNotContain(LogLines.LAUNCHED);
			}
		}
		finally {
			Files.move(whole, jar, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	@Test
	void whenDryRunIsUnderWayThenAnotherAskIsRefusedAndAKilledSuccessorIsSaid() throws Exception {
		service.configure("sample.hang-start=true");
		CompletableFuture<HttpAnswer> pending = boot();
		service.awaitState("awaiting-ready");
		long successor = launched();
		assertThat(ProcFs.environment(successor)).contains("GRACEFUL_RESTART_DRY_RUN=true");
		String reason = "a dry run is under way (awaiting-ready, successor pid " + successor + ")";
		for (String query : new String[] { "", "?wait=true", "?dry-run=true" }) {
			HttpAnswer answer = service.service().post("/actuator/reload" + query);
			assertThat(answer.status()).isEqualTo(409);
			assertThat(JsonPath.<String>read(answer.text(), "$.message")).isEqualTo(reason);
		}
		service.process().signal(successor, "KILL");
		HttpAnswer answer = pending.get(FailingService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
		assertThat(answer.status()).as(answer.text()).isEqualTo(500);
		assertThat(JsonPath.<String>read(answer.text(), "$.message"))
			.isEqualTo("successor (pid " + successor + ") exited with code 137 before it was ready");
	}

	@Test
	void whenAskedAmbiguouslyThenNothingIsReplaced() throws Exception {
		for (String query : new String[] { "?dry-run", "?dryRun=1", "?dry-run=TRUE" }) {
			HttpAnswer answer = service.reload(query);
			assertThat(answer.status()).as(query + ": " + answer.text()).isEqualTo(200);
			assertThat(JsonPath.<Boolean>read(answer.text(), "$.passed")).isTrue();
		}
		HttpAnswer answer = service.reload("?boot=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(400);
		assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains("add dry-run=true");
		assertThat(service.status("$.generation")).isEqualTo(this.generation);
	}

	@Test
	void whenPredecessorIsKilledThenTheSuccessorOfADryRunEnds() throws Exception {
		try (FailingService other = FailingService.start("dry-run-killed")) {
			other.configure("sample.hang-start=true");
			other.mark();
			long predecessor = other.service().pid();
			CompletableFuture<HttpAnswer> pending = ask(other);
			other.awaitState("awaiting-ready");
			long successor = other.number("$.successorPid");
			other.process().signal(predecessor, "KILL");
			other.process().awaitExit(successor, FailingService.PATIENCE);
			await().atMost(FailingService.PATIENCE).until(() -> other.process().running().isEmpty());
			assertThat(pending).failsWithin(FailingService.PATIENCE);
			assertThat(other.outputSinceMark()).doesNotContain(LogLines.SERVING, "serves alone");
		}
	}

	@Test
	void whenStoppedThenTheSuccessorOfADryRunEndsFirst() throws Exception {
		try (FailingService other = FailingService.start("dry-run-stopped")) {
			other.configure("sample.hang-start=true");
			other.mark();
			CompletableFuture<HttpAnswer> pending = ask(other);
			other.awaitState("awaiting-ready");
			long successor = other.number("$.successorPid");
			other.process().signal(other.service().pid(), "TERM");
			await().atMost(FailingService.PATIENCE).until(() -> other.process().running().isEmpty());
			other.awaitOutput("Shutdown requested during a dry run. Stopped successor (pid " + successor + ") first");
			assertThat(pending).succeedsWithin(FailingService.PATIENCE);
			other.assertNoFilesLeft();
		}
	}

	private static void assertUnchanged(String lastRestart) throws RequestFailedException {
		assertThat(service.status("$.state")).isEqualTo("serving");
		assertThat(field("successorPid")).isEqualTo("null");
		assertThat(service.status("$.listeners[*].accepting")).isEqualTo("[true]");
		assertThat(field("lastRestart")).isEqualTo(lastRestart);
	}

	/**
	 * A field that may be absent.
	 */
	private static String field(String name) throws RequestFailedException {
		String text = service.service().get("/actuator/reload").text();
		return String.valueOf(JsonPath.<Map<String, Object>>read(text, "$").get(name));
	}

	private static CompletableFuture<HttpAnswer> boot() {
		return ask(service);
	}

	private static CompletableFuture<HttpAnswer> ask(FailingService asked) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return asked.service().post("/actuator/reload?dry-run=true&boot=true");
			}
			catch (RequestFailedException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static long launched() {
		await().atMost(FailingService.PATIENCE).until(() -> LAUNCHED.matcher(service.outputSinceMark()).find());
		Matcher matcher = LAUNCHED.matcher(service.outputSinceMark());
		assertThat(matcher.find()).isTrue();
		return Long.parseLong(matcher.group(1));
	}

	private static double dryRuns() throws RequestFailedException {
		HttpAnswer answer = service.service().get("/actuator/metrics/graceful.restart.attempts?tag=outcome:dry-run");
		return (answer.status() == 200) ? JsonPath.<Double>read(answer.text(), "$.measurements[0].value") : 0;
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
