package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The next release of an application brings a library that speaks another version of the
 * protocol, and is taken back later.
 */
@Lengthy
class VersionIT extends WithFailingService {

	@Test
	void whenVersionsDifferThenTheNewerOneSpeaksThatOfTheOlderOne() throws Exception {
		Path present = SampleApplication.get().directory();
		Path next = OtherVersion.next();
		SampleService.Builder builder = SampleService.named("version").jar("current/sample-app.jar");
		select(builder.directory(), present);
		// Time for a successor that is refused to say so, too, before it is ended
		this.service = FailingService.start(builder, Duration.ofSeconds(30));
		this.service.startLoad();
		restart(next);
		assertThat(launchedWith("PROTOCOL")).isEqualTo("1");
		// From now on two of the next version, which can do more
		restart(next);
		assertThat(launchedWith("PROTOCOL")).isEqualTo("2 next");
		assertThat(launchedWith("EXECUTABLE")).endsWith(",6d6f7265");
		assertThat(launchedWith("LISTENERS")).endsWith("=more");
		assertThat(launchedWith("DESCRIPTORS")).endsWith(" more");
		restart(present);
		assertThat(launchedWith("PROTOCOL")).isEqualTo("2 next");
		String passedOn = launchedWith("NEXT");
		restart(present);
		assertThat(launchedWith("PROTOCOL")).isEqualTo("1");
		// This is why a variable is not trusted unless the version of the protocol
		// promises it
		assertThat(launchedWith("NEXT")).isEqualTo(passedOn);
		this.service.assertNothingLost();
		this.service.startLoad();
		assertRefused(OtherVersion.ninth(), "it speaks version 9 of the protocol, this process version 1");
		restart(present);
		this.service.assertNothingLost();
	}

	private void restart(Path application) throws Exception {
		select(this.service.service().directory(), application);
		this.service.restart();
	}

	private String launchedWith(String name) throws Exception {
		String prefix = "GRACEFUL_RESTART_" + name + "=";
		return ProcFs.environment(this.service.service().pid())
			.stream()
			.filter((entry) -> entry.startsWith(prefix))
			.map((entry) -> entry.substring(prefix.length()))
			.findFirst()
			.orElseThrow();
	}

	private void assertRefused(Path application, String reason) throws Exception {
		long predecessor = this.service.service().pid();
		select(this.service.service().directory(), application);
		long successor = this.service.trigger();
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") violated the control protocol: " + reason);
		// Both say it
		this.service.awaitOutput("the predecessor refused this process: " + reason);
	}

	private static void select(Path directory, Path application) throws IOException {
		Path link = Files.createSymbolicLink(directory.resolve("next"), application);
		Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

}
