package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JDK that warns of native access, or denies it, and an application that is started
 * with a class path, where no manifest permits it.
 */
class NativeAccessIT extends WithFailingService {

	private static final Path INSTALLED = Path.of("/usr/lib/jvm");

	private static final String OPTION = "--enable-native-access=ALL-UNNAMED";

	private static final String REMEDY = "Start the JVM with " + OPTION
			+ ", or write Enable-Native-Access: ALL-UNNAMED into the manifest of the executable jar";

	private static final String WARNING = "WARNING: ";

	private Path java;

	@BeforeEach
	void findJdk() throws IOException {
		this.java = jdk().resolve("bin/java");
	}

	@Test
	void whenTheJdkWarnsThenSuccessorsArePermittedItAndTheFirstGenerationSaysHow() throws Exception {
		start("native-access-warned");
		this.service.awaitOutput(
				"This JDK warns of native access, which graceful restarts need, and a later one denies it. " + REMEDY);
		assertThat(this.service.process().output()).contains(WARNING);
		for (int i = 0; i < 2; i++) {
			this.service.restart();
			assertThat(this.service.outputSinceMark()).doesNotContain(WARNING, "warns of native access");
			assertThat(ProcFs.commandLine(this.service.service().pid())).containsOnlyOnce(OPTION);
		}
	}

	@Test
	void whenItIsDeniedThenTheReasonNamesTheRemedy() throws Exception {
		start("native-access-denied", "--illegal-native-access=deny");
		this.service.awaitOutput(LogLines.UNAVAILABLE + " because native calls do not work: this JVM denies native "
				+ "access. " + REMEDY);
		HttpAnswer answer = this.service.reload("?wait=true");
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.text()).contains(REMEDY);
	}

	private void start(String name, String... options) throws IOException {
		String classPath;
		try (Stream<Path> jars = Files.walk(SampleApplication.get().directory())) {
			classPath = String.join(":", jars.map(Path::toString).filter((path) -> path.endsWith(".jar")).toList());
		}
		this.service = FailingService.start(SampleService.named(name)
			.jvmArgs(options)
			.java("-cp", classPath, "io.github.gracefulrestart.sample.SampleApplication")
			.process((process) -> process.java(this.java)));
	}

	private static Path jdk() throws IOException {
		List<Path> homes = List.of();
		if (Files.isDirectory(INSTALLED)) {
			try (Stream<Path> installed = Files.list(INSTALLED)) {
				homes = installed.sorted().toList();
			}
		}
		return Stream.concat(Stream.ofNullable(System.getProperty("other.java.home")).map(Path::of), homes.stream())
			.filter(NativeAccessIT::warns)
			.findFirst()
			.orElseGet(() -> Assumptions.abort("There is no JDK from 24 on in " + INSTALLED
					+ ": name the home of one with -Dother.java.home to run this test"));
	}

	private static boolean warns(Path home) {
		try {
			return Files.readString(home.resolve("release")).matches("(?s).*JAVA_VERSION=\"(2[4-9]|[3-9]\\d).*");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
