package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
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
class ReplacedJarIT extends WithFailingService {

	private static final int TERMINATED = 143;

	/** With the number of the file in the place of a name, where the file system can. */
	private static final String NAMELESS = ".*/(#\\d+|graceful-restart-\\d+\\.jar) \\(deleted\\)";

	private static final String OVERWRITTEN = "was overwritten in place while this process runs from it";

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
			this.service.awaitOutput("serves as generation 2, draining");
			assertAnswered(slow);
			this.service.service().awaitPredecessorGone(restart);
		}
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
		assertThat(JsonPath.<String>read(this.service.service().get("/actuator/info").text(), "$.build"))
			.isEqualTo("two");
		this.service.assertNothingLost();
		assertOrderly(how);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cp", "mv", "rm" })
	void whenToldToStopThenRequestIsAnswered(String how) throws Exception {
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
	void whenRemovedThenARestartChangesNothing() throws Exception {
		start("jar-rm-restart", "");
		this.service.startLoad();
		replace("rm");
		this.service.mark();
		this.service.process().signal("USR2");
		this.service.awaitOutput("Continuing to serve as generation 1");
		this.service.awaitState("serving");
		assertThat(this.service.outputSinceMark()).contains("app.jar");
		Files.copy(SampleApplication.executableJar(), jar());
		this.service.restart();
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
		this.service.awaitOutput("and no copy was kept: classes that have not been read yet are lost");
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
			assertThat(output).containsOnlyOnce(OVERWRITTEN).contains("Replace a jar with mv, not with cp");
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
		build(other);
		Commands.run(how, other.toString(), jar().toString());
	}

	/** The same application with everything in another place of the file. */
	private static void build(Path target) throws IOException {
		try (ZipFile from = new ZipFile(SampleApplication.executableJar().toFile());
				ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(target))) {
			to.putNextEntry(new ZipEntry("padding"));
			to.write("padding".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
			Enumeration<? extends ZipEntry> entries = from.entries();
			while (entries.hasMoreElements()) {
				ZipEntry entry = entries.nextElement();
				ZipEntry copy = new ZipEntry(entry.getName());
				copy.setMethod(entry.getMethod());
				boolean changed = entry.getName().equals("BOOT-INF/classes/application.yml");
				if (entry.getMethod() == ZipEntry.STORED) {
					copy.setSize(entry.getSize());
					copy.setCrc(entry.getCrc());
				}
				to.putNextEntry(copy);
				try (InputStream content = from.getInputStream(entry)) {
					content.transferTo(to);
				}
				if (changed) {
					to.write("\n---\ninfo.build: two\n".getBytes(StandardCharsets.US_ASCII));
				}
			}
		}
	}

}
