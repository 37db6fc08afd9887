package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The jar is overwritten, renamed over or removed under the running service, while a
 * request is in flight: much of what answers it and of what shuts down is only read from
 * the jar then.
 */
@Lengthy
class ReplacedJarIT extends WithFailingService {

	private static final int TERMINATED = 143;

	/** With the number of the file in the place of a name, where the file system can. */
	private static final String NAMELESS = ".*/(#\\d+|graceful-restart-\\d+\\.jar) \\(deleted\\)";

	private static final String OVERWRITTEN = "was overwritten in place while this process is using it";

	@ParameterizedTest
	@ValueSource(strings = { "cp", "mv" })
	void whenRestartedThenRequestIsAnsweredAndTheNewJarRuns(String how) throws Exception {
		start("jar-" + how + "-restart", "");
		this.service.startLoadOfNewConnections();
		try (RawHttp slow = this.service.service().connect()) {
			long predecessor = begin(slow);
			replace(how);
			this.service.trigger();
			SampleService.Restart restart = new SampleService.Restart(predecessor, this.service.awaitSuccessor());
			this.service.awaitOutput(LogLines.takenOver(2));
			assertAnswered(slow);
			this.service.service().awaitPredecessorGone(restart);
		}
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
		assertThat(JsonPath.<String>read(this.service.service().get("/actuator/info").text(), "$.build"))
			.isEqualTo("two");
		this.service.assertNothingLost();
		assertOrderly(how);
	}

	@Test
	void whenOverwrittenAndToldToStopThenRequestIsAnswered() throws Exception {
		stop("cp");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mv", "rm" })
	@Tag("exhaustive")
	void whenReplacedInAnotherWayAndToldToStopThenRequestIsAnswered(String how) throws Exception {
		stop(how);
	}

	private void stop(String how) throws Exception {
		start("jar-" + how + "-stop", "");
		this.service.startLoad();
		try (RawHttp slow = this.service.service().connect()) {
			begin(slow);
			replace(how);
			this.service.assertNothingLost();
			this.service.process().signal("TERM");
			this.service.awaitOutput("Commencing graceful shutdown");
			assertAnswered(slow);
		}
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isEqualTo(TERMINATED);
		assertOrderly(how);
	}

	@Test
	@Tag("exhaustive")
	void whenRemovedThenARestartChangesNothing() throws Exception {
		start("jar-rm-restart", "");
		this.service.startLoad();
		replace("rm");
		this.service.mark();
		this.service.process().signal("USR2");
		this.service.awaitOutput(LogLines.continuing(1));
		this.service.awaitState("serving");
		assertThat(this.service.outputSinceMark()).contains("app.jar");
		Files.copy(SampleApplication.executableJar(), jar());
		this.service.restart();
		this.service.assertNothingLost();
	}

	/** The start script, which contains the name of the next jar, is not run. */
	@Test
	@Tag("exhaustive")
	void whenTheVersionIsInTheNameThenSaysThatNothingIsNew() throws Exception {
		SampleService.Builder builder = SampleService.named("jar-versioned");
		Path first = builder.directory().resolve("app-1.0.0.jar");
		Files.copy(SampleApplication.executableJar(), first);
		this.service = FailingService.start(builder.jar("app-1.0.0.jar"));
		this.service.startLoad();
		String since = this.service.status("$.application.since");
		OtherBuild.ofApplication(first.resolveSibling("app-1.0.1.jar"));
		for (int i = 0; i < 2; i++) {
			this.service.restart();
			assertThat(this.service.outputSinceMark())
				.containsPattern("launched successor \\(pid \\d+\\) as generation "
						+ "\\d from .*/app-1\\.0\\.0\\.jar, unchanged since .*: nothing new on disk");
			assertThat(this.service.status("$.lastRestart.application.change")).isEqualTo("unchanged");
			assertThat(this.service.status("$.lastRestart.application.path")).isEqualTo(first.toString());
			assertThat(this.service.status("$.application.since")).isEqualTo(since);
		}
		Files.delete(first);
		this.service.mark();
		this.service.process().signal(this.service.service().pid(), "USR2");
		this.service.awaitOutput("the jar " + first
				+ " does not exist; put it in place and try again. If each version has "
				+ "its own file name, start the service from a symbolic link to the current one, or name the program "
				+ "that starts it in graceful.restart.launch.command. Continuing to serve");
		this.service.awaitState("serving");
		Files.createSymbolicLink(first, Path.of("app-1.0.1.jar"));
		this.service.restart();
		assertThat(this.service.outputSinceMark())
			.contains(" from " + first + " (" + first.resolveSibling("app-1.0.1.jar") + "), new: app-1.0.0.jar");
		assertThat(this.service.status("$.application.realPath")).endsWith("/app-1.0.1.jar");
		this.service.assertNothingLost();
	}

	/** Without a copy of the jar the same is lost, or these tests would show nothing. */
	@Test
	void whenOverwrittenWithoutACopyThenRequestIsLost() throws Exception {
		start("jar-control", "--graceful.restart.keep-jars=false");
		try (RawHttp slow = this.service.service().connect()) {
			begin(slow);
			replace("cp");
			this.service.process().signal("TERM");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(slow::read);
		}
		this.service.process().awaitExitCode(FailingService.PATIENCE);
		this.service.awaitOutput("and no copy was kept: this process cannot load classes that it has not read yet");
	}

	private void start(String name, String argument) {
		this.service = FailingService.start(SampleService.named(name)
			.copyOfJar()
			.args(argument.isEmpty() ? "--management.info.env.enabled=true" : argument));
		// Made by the thread that begins its work when the application is ready
		if (argument.isEmpty()) {
			await("a copy of the jar").atMost(FailingService.PATIENCE)
				.until(() -> ProcFs.descriptors(this.service.process().pid())
					.values()
					.stream()
					.filter((target) -> target.matches(NAMELESS))
					.count() >= 2);
		}
	}

	private long begin(RawHttp slow) throws Exception {
		long pid = this.service.service().pid();
		slow.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n01234");
		await("a request in flight").atMost(FailingService.PATIENCE)
			.until(() -> this.service.number("$.connections.active") >= 2);
		return pid;
	}

	private static void assertAnswered(RawHttp slow) throws RequestFailedException {
		slow.write("56789");
		HttpAnswer answer = slow.read();
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).startsWith("bytes=10 ").endsWith("generation=1");
	}

	private void assertOrderly(String how) {
		String output = this.service.process().output();
		assertThat(output).contains("Graceful shutdown complete")
			.doesNotContain("NoClassDefFoundError", "ClassNotFoundException", "ZipException");
		if (how.equals("cp")) {
			assertThat(output).containsOnlyOnce(OVERWRITTEN).contains("Replace jars with mv, not with cp");
		}
		else {
			assertThat(output).doesNotContain(OVERWRITTEN);
		}
	}

	// -- jars

	private Path jar() {
		return this.service.service().directory().resolve("app.jar");
	}

	private void replace(String how) throws Exception {
		if (how.equals("rm")) {
			Files.delete(jar());
			return;
		}
		Path other = jar().resolveSibling("new.jar");
		OtherBuild.ofApplication(other);
		Commands.run(how, other.toString(), jar().toString());
	}

}
