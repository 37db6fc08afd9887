package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Every jar of an application that is no executable jar is overwritten in place under the
 * running service, while a request is in flight.
 */
class ReplacedLibrariesIT extends WithFailingService {

	private static final String MAIN_CLASS = "io.github.gracefulrestart.sample.SampleApplication";

	private static final String OVERWRITTEN = "were overwritten in place while this process is using them";

	private Path application;

	private Path libraries;

	@Test
	void whenExtractedThenASignalRestarts() throws Exception {
		SampleService.Builder builder = SampleService.named("libraries-extracted");
		extract(builder);
		start(builder.jar("app/sample-app.jar"));
		overwriteWithRequestInFlight(() -> this.service.process().signal("USR2"));
		// Copies are made in every generation, and used at an ordinary end as well
		awaitCopies();
		overwrite(original());
		this.service.process().signal(this.service.service().pid(), "TERM");
		this.service.process().awaitExit(this.service.service().pid(), FailingService.PATIENCE);
		assertOrderly();
	}

	/** As in the images that Jib makes, with the endpoint asked at once. */
	@Test
	void whenClassPathIsInAnArgumentFileThenTheEndpointRestarts() throws Exception {
		SampleService.Builder builder = SampleService.named("libraries-class-path");
		extract(builder);
		String classPath;
		try (Stream<Path> jars = Files.walk(this.application)) {
			classPath = jars.filter(ReplacedLibrariesIT::isJar).map(Path::toString).collect(Collectors.joining(":"));
		}
		Files.writeString(this.application.resolve("jib-classpath-file"), classPath);
		start(builder.java("-cp", "@app/jib-classpath-file", MAIN_CLASS));
		overwriteWithRequestInFlight(() -> {
			HttpAnswer answer = this.service.service().post("/actuator/reload");
			assertThat(answer.status()).as(answer.text()).isEqualTo(202);
		});
		assertOrderly();
	}

	/** Without copies the same is lost, or these tests would show nothing. */
	@Test
	void whenNoCopiesAreKeptThenTheRequestIsLost() throws Exception {
		SampleService.Builder builder = SampleService.named("libraries-control");
		extract(builder);
		this.service = FailingService
			.start(builder.jar("app/sample-app.jar").args("--graceful.restart.keep-jars=false"));
		Path other = OtherLibraries.DIRECTORY;
		this.service.startLoadOfNewConnections();
		try (RawHttp slow = begin()) {
			overwrite(other);
			this.service.process().signal(this.service.service().pid(), "TERM");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(slow::read);
		}
		this.service.process().awaitExitCode(FailingService.PATIENCE);
		assertThat(this.service.process().output()).contains("NoClassDefFoundError");
		assertThat(this.service.stopLoad()).allSatisfy((report) -> assertThat(report.failures()).isPositive());
	}

	/**
	 * As it is after {@code unzip}. Classes that are files cannot be kept, so that none
	 * may be loaded late.
	 */
	@Test
	void whenExplodedThenNoClassIsLoadedLate() throws Exception {
		SampleService.Builder builder = SampleService.named("libraries-exploded");
		this.application = builder.directory().resolve("app");
		OtherBuild.unpack(SampleApplication.executableJar(), "", this.application);
		this.libraries = this.application.resolve("BOOT-INF/lib");
		Path loaded = builder.directory().resolve("loaded.log");
		start(builder.jvmArgs("-Xlog:class+load:file=" + loaded)
			.java("-cp", "app", "org.springframework.boot.loader.launch.JarLauncher"));
		long before = fromDirectory(loaded).size();
		assertThat(before).isPositive();
		overwriteWithRequestInFlight(() -> {
			FileTree.deleteRecursively(this.application.resolve("BOOT-INF/classes"));
			OtherBuild.unpack(SampleApplication.executableJar(), "BOOT-INF/classes/", this.application);
			this.service.process().signal("USR2");
		});
		assertThat(fromDirectory(loaded).stream().skip(before)).isEmpty();
		assertOrderly();
	}

	private static List<String> fromDirectory(Path log) throws IOException {
		return Files.readAllLines(log).stream().filter((line) -> line.contains("/BOOT-INF/classes/")).toList();
	}

	private void extract(SampleService.Builder builder) throws Exception {
		this.application = Files.createDirectories(builder.directory().resolve("app"));
		this.libraries = this.application.resolve("lib");
		overwrite(original());
	}

	/** As Spring Boot's own tool lays it out. */
	private static Path original() {
		return SampleApplication.get().directory();
	}

	private void start(SampleService.Builder builder) {
		this.service = FailingService.start(builder);
		awaitCopies();
	}

	private void awaitCopies() {
		// Made by a thread that begins its work when the application is ready, and
		// watched by one that begins
		// when all are made
		await("copies of the jars").atMost(FailingService.PATIENCE)
			.until(() -> ProcFs.descriptors(this.service.service().pid()).containsValue("anon_inode:inotify"));
	}

	private void overwriteWithRequestInFlight(Trigger trigger) throws Exception {
		Path other = OtherLibraries.DIRECTORY;
		this.service.startLoadOfNewConnections();
		long predecessor = this.service.service().pid();
		try (RawHttp slow = begin()) {
			this.service.mark();
			overwrite(other);
			trigger.pull();
			SampleService.Restart restart = new SampleService.Restart(predecessor, this.service.awaitSuccessor());
			this.service.awaitOutput(LogLines.takenOver(2));
			slow.write("56789");
			HttpAnswer answer = slow.read();
			assertThat(answer.text()).startsWith("bytes=10 ").endsWith("generation=1");
			this.service.service().awaitPredecessorGone(restart);
		}
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
		this.service.assertNothingLost();
		assertThat(this.service.status("$.lastRestart.outcome")).isEqualTo("completed");
	}

	private void assertOrderly() {
		assertThat(this.service.process().output()).contains("Graceful shutdown complete", OVERWRITTEN)
			.doesNotContain("NoClassDefFoundError", "ClassNotFoundException", "ZipException", "ClassFormatError");
	}

	private RawHttp begin() throws Exception {
		RawHttp slow = this.service.service().connect();
		slow.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n01234");
		await("a request in flight").atMost(FailingService.PATIENCE)
			.until(() -> this.service.number("$.connections.active") >= 2);
		return slow;
	}

	/** One after the other. */
	private void overwrite(Path release) throws Exception {
		Files.createDirectories(this.libraries);
		if (this.libraries.getParent().equals(this.application)) {
			Commands.run("cp", release.resolve("sample-app.jar").toString(), this.application.toString());
		}
		Commands.run("cp", "-r", release.resolve("lib") + "/.", this.libraries.toString());
	}

	private static boolean isJar(Path path) {
		return path.toString().endsWith(".jar");
	}

	private interface Trigger {

		void pull() throws Exception;

	}

	/**
	 * All jars once more, with everything in another place. Made when it is first used,
	 * which takes too long to be done while a request is in flight.
	 */
	private static final class OtherLibraries {

		static final Path DIRECTORY = make();

		private static Path make() {
			Path directory = Path.of("target", "it", "other-libraries").toAbsolutePath();
			FileTree.deleteRecursively(directory);
			try (Stream<Path> jars = Files.walk(original())) {
				for (Path jar : jars.filter(ReplacedLibrariesIT::isJar).toList()) {
					Path other = directory.resolve(original().relativize(jar));
					Files.createDirectories(other.getParent());
					OtherBuild.of(jar, other);
				}
				return directory;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
