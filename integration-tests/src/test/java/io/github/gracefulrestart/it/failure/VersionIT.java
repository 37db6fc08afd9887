package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The next release of an application brings a library that speaks another version of the
 * protocol, or an older one comes back.
 */
@Lengthy
class VersionIT extends WithFailingService {

	private static FaultyApplication first;

	private static FaultyApplication second;

	@BeforeAll
	static void build() throws IOException {
		first = FaultyApplication.speaking(1);
		second = FaultyApplication.speaking(2);
	}

	@Test
	void whenSuccessorIsNewerThenIsRefusedByNameAndThePredecessorServesOn() throws Exception {
		start(first);
		assertRefused(second, "it speaks version 2 of the protocol, this process version 1");
		restart(first);
	}

	@Test
	void whenSuccessorIsOlderThenIsRefusedByNameAndThePredecessorServesOn() throws Exception {
		start(second);
		assertRefused(first, "it speaks version 1 of the protocol, this process version 2");
		restart(second);
	}

	private void start(FaultyApplication application) throws IOException {
		SampleService.Builder builder = SampleService.named("version").jar("current/sample-app.jar");
		select(builder.directory(), application);
		// Time for the successor to say so, too, before it is ended
		this.service = FailingService.start(builder, Duration.ofSeconds(30));
		this.service.startLoad();
		restart(application);
	}

	private void restart(FaultyApplication application) throws IOException {
		select(this.service.service().directory(), application);
		try {
			this.service.restart();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private void assertRefused(FaultyApplication application, String reason) throws Exception {
		long predecessor = this.service.service().pid();
		select(this.service.service().directory(), application);
		long successor = this.service.trigger();
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") is not understood: " + reason);
		// Both say it
		this.service.awaitOutput("the predecessor refused this process: " + reason);
		this.service.assertNothingLost();
		this.service.startLoad();
	}

	private static void select(Path directory, FaultyApplication application) throws IOException {
		Path link = Files.createSymbolicLink(directory.resolve("next"), application.directory());
		Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

}
