package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The successor dies, or does nothing, when it is ready and the predecessor is about to
 * let it serve.
 */
class HandoverIT extends WithFailingService {

	@TempDir
	private Path directory;

	private Path release;

	@BeforeEach
	void start() {
		this.release = this.directory.resolve("release");
		this.service = FailingService.start("handover", "--sample.hold-handover=" + this.release,
				"--graceful.restart.handover-timeout=2s");
		this.service.startLoad();
	}

	@Test
	void whenSuccessorIsKilledThenThePredecessorServesOn() throws Exception {
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.awaitState("handing-over");
		this.service.process().signal(successor, "KILL");
		this.service.process().awaitExit(successor, FailingService.PATIENCE);
		Files.createFile(this.release);
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") exited with code 137 before it served");
		this.service.restart();
		this.service.assertNothingLost();
	}

	@Test
	void whenSuccessorHangsThenThePredecessorServesOn() throws Exception {
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.awaitState("handing-over");
		this.service.process().signal(successor, "STOP");
		Files.createFile(this.release);
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") did not open its gates within 2000 ms");
		this.service.restart();
		this.service.assertNothingLost();
	}

}
