package io.github.gracefulrestart.it.failure;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The successor dies, or does nothing, when it is ready and the predecessor is about to
 * let it serve.
 */
class HandoverIT extends WithFailingService {

	private Fault hold;

	@BeforeEach
	void start() {
		this.service = FailingService
			.start(FaultyApplication.get().service("handover").args("--graceful.restart.handover-timeout=5s"));
		this.hold = this.service.arm(1, FaultPoint.HANDING_OVER.injectorName(), FaultAction.NONE);
		this.service.startLoad();
	}

	@Test
	void whenSuccessorIsKilledThenThePredecessorServesOn() throws Exception {
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.hold.awaitReached();
		this.service.process().signal(successor, "KILL");
		this.service.process().awaitExit(successor, FailingService.PATIENCE);
		this.hold.release();
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") exited with code 137 before it served");
		this.service.restart();
		this.service.assertNothingLost();
	}

	@Test
	@Tag("exhaustive")
	void whenSuccessorHangsThenThePredecessorServesOn() throws Exception {
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.hold.awaitReached();
		this.service.process().signal(successor, "STOP");
		this.hold.release();
		assertThat(this.service.awaitFailure(predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") did not open its gates within 5000 ms");
		this.service.restart();
		this.service.assertNothingLost();
	}

}
