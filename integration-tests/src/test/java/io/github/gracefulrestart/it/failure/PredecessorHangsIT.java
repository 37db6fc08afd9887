package io.github.gracefulrestart.it.failure;

import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The predecessor is stopped before it can hand over.
 */
class PredecessorHangsIT extends WithFailingService {

	@Test
	void whenTheSuccessorHasNotConnectedYetThenServesWithWhatItHasFromItsLaunch() throws Exception {
		this.service = FailingService.start("predecessor-hangs", "--graceful.restart.handover-timeout=2s");
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.process().signal(predecessor, "STOP");
		await("a stopped process").atMost(FailingService.PATIENCE).until(() -> ProcFs.isStopped(predecessor));
		this.service.startLoadOfNewConnections();
		this.service.awaitRequests(5);
		assertThat(this.service.service().pid()).isEqualTo(successor);
		assertThat(this.service.outputSinceMark()).contains(
				"has not handed over within 10 s. Continuing with the listeners that this process received at its launch");
		this.service.process().signal(predecessor, "CONT");
		this.service.awaitOutput(LogLines.servesAlone(predecessor, 2));
		this.service.assertNothingLost();
		assertThat(this.service.status("$.lastRestart.outcome")).isEqualTo("completed");
		this.service.assertNoFilesLeft();
		this.service.startLoad();
		this.service.restart();
		this.service.assertNothingLost();
	}

}
