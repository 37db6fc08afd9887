package io.github.gracefulrestart.it.failure;

import java.time.Duration;

import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The predecessor is suspended, and goes on later.
 */
class PredecessorHangsIT extends WithFailingService {

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(8);

	@Test
	void whenTheSuccessorHasNotConnectedYetThenServesWithWhatItHasFromItsLaunch() throws Exception {
		this.service = FailingService.start("predecessor-hangs", "--graceful.restart.handover-timeout=2s",
				"--graceful.restart.drain-timeout=" + DRAIN_TIMEOUT.toSeconds() + "s");
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.suspend(predecessor);
		this.service.startLoadOfNewConnections();
		this.service.awaitRequests(5);
		assertThat(this.service.service().pid()).isEqualTo(successor);
		assertThat(this.service.outputSinceMark()).contains(
				"has not handed over within 10 s. Continuing with the listeners that this process received at its launch");
		this.service.resume(predecessor);
		this.service.awaitOutput(LogLines.servesAlone(predecessor, 2));
		this.service.assertNothingLost();
		assertThat(this.service.status("$.lastRestart.outcome")).isEqualTo("completed");
		this.service.assertNoFilesLeft();
		assertFinishesWhatIsInFlight(successor);
	}

	/**
	 * Requests have what was left of their time when it was suspended.
	 */
	private void assertFinishesWhatIsInFlight(long predecessor) throws Exception {
		this.service.startLoad();
		try (RawHttp upload = this.service.service().connect()) {
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			this.service.trigger();
			this.service.awaitOutput(LogLines.takenOver(3));
			this.service.assertNothingLost();
			this.service.suspend(predecessor);
			// Longer than requests may take
			await("a long suspension").pollDelay(DRAIN_TIMEOUT.plusSeconds(1))
				.atMost(FailingService.PATIENCE)
				.until(() -> ProcFs.isStopped(predecessor));
			this.service.resume(predecessor);
			upload.write("56789");
			assertThat(upload.read().status()).isEqualTo(200);
		}
		this.service.process().awaitExit(predecessor, FailingService.PATIENCE);
		this.service.awaitOutput(LogLines.servesAlone(predecessor, 3));
		assertThat(this.service.status("$.lastRestart.connections.cut")).isEqualTo("0");
		this.service.startLoad();
		this.service.assertNothingLost();
	}

}
