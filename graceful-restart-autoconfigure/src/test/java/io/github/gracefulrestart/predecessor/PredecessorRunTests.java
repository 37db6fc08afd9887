package io.github.gracefulrestart.predecessor;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.Successor;
import io.github.gracefulrestart.generations.TwoGenerations;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.preflight.Preflights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of the generation that was asked for a restart, and of its clients.
 */
class PredecessorRunTests {

	@TempDir
	private Path directory;

	@Test
	void whenTheSuccessorIsReadyThenItServesAndThePredecessorLeaves() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			SocketChannel client = generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			generations.restart();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.COMPLETED);
			Successor successor = generations.successor();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SERVING);
			assertThat(generations.departures()).containsExactly(true);
			assertThat(generations.predecessor().phases()).containsExactly(RestartPhase.PREFLIGHT,
					RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY, RestartPhase.HANDING_OVER,
					RestartPhase.DRAINING, RestartPhase.LEAVING);
			assertThat(generations.predecessor().host().done()).containsExactly("beginDrain", "leaveListener");
			TwoGenerations.send(client, 7);
			assertThat(successor.host().read()).isEqualTo((byte) 7);
			generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> successor.host().connections().idle() == 2);
			RestartReport report = successor.generation().state().lastReport();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.COMPLETED);
			assertThat(report.drained().moved()).isOne();
			assertThat(report.generation()).isEqualTo(2);
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void whenTheSuccessorIsStartingThenOnlyThePredecessorAccepts() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold().restart()) {
			Successor successor = generations.successor();
			generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			assertThat(successor.generation().accepts()).isFalse();
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.AWAITING_READY);
			assertThat(generations.attempt().outcome().toCompletableFuture()).isNotDone();
			successor.ready();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.COMPLETED);
		}
	}

	@Test
	void whenThePreflightRefusesThenNothingIsLaunched() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())
			.preflight(Preflights.of((launch) -> List.of(PreflightResult.refused("check", "something is in the way"))))
			.restart()) {
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.REFUSED);
			assertThat(report.reason()).contains("something is in the way");
			assertThat(generations.attempt().launched().toCompletableFuture()).isCompletedExceptionally();
			assertServing(generations);
			assertThat(generations.predecessor().host().done()).isEmpty();
		}
	}

	@Test
	void whenTheSuccessorFailsThenThePredecessorServesOn() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold().restart()) {
			generations.successor();
			generations.exitSuccessor(1);
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.FAILED);
			assertThat(report.reason()).endsWith("exited with code 1 before it was ready");
			assertServing(generations);
			assertThat(generations.predecessor().phases()).containsExactly(RestartPhase.PREFLIGHT,
					RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY, RestartPhase.SERVING);
			assertThat(generations.predecessor().host().done()).isEmpty();
			assertThat(generations.predecessor().state().successorPid()).isNull();
		}
	}

	@Test
	void whenTheSuccessorDiesAfterItServedThenThePredecessorRollsBack() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))
			.restart()) {
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			assertThat(generations.predecessor().accepts()).isFalse();
			generations.exitSuccessor(137);
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(report.reason()).endsWith("exited with code 137 after it had begun to serve");
			assertServing(generations);
			assertThat(generations.predecessor().host().done()).startsWith("beginDrain", "cancel");
			generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
		}
	}

	@Test
	void whenTheSuccessorAsksToRollBackThenThePredecessorDoes() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))
			.restart()) {
			Successor successor = generations.successor();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			assertThat(successor.run().rollBack("no database")).isTrue();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(report.reason()).endsWith("requested a rollback: no database");
			assertServing(generations);
		}
	}

	@Test
	void whenAConnectionIsOnItsWayThenItIsServedHereAgain() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			successor.serve();
			successor.expect(Connections.class);
			successor.say(new TakeBack("enough"));
			successor.expect(Abort.class);
		})) {
			SocketChannel client = generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			generations.restart();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			TwoGenerations.send(client, 8);
			assertThat(generations.predecessor().host().read()).isEqualTo((byte) 8);
		}
	}

	@Test
	void whenTheSuccessorRefusesAConnectionThenItStaysUntilTheDrainEnds() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			successor.serve();
			Connections moved = successor.expect(Connections.class);
			successor.say(new Adopted(moved.batch(), List.of(0), "no room", 0));
			successor.expect(Report.class);
		})) {
			generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			generations.restart();
			RestartReport report = generations.attempt().outcome().toCompletableFuture().get();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.COMPLETED);
			generations.report();
			assertThat(generations.predecessor().host().moved()).isZero();
			assertThat(generations.predecessor().host().done()).contains("stopMoving: no room");
			assertThat(generations.departures()).containsExactly(true);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenTheSuccessorAnswersForConnectionsThatWereNeverSentThenThatIsIgnored(CapturedOutput output)
			throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			successor.serve();
			successor.say(new Adopted(99, List.of(0), "no room", 100));
			successor.expect(Report.class);
		}).restart()) {
			generations.report();
			assertThat(generations.departures()).containsExactly(true);
			assertThat(generations.predecessor().host().done()).containsExactly("beginDrain", "leaveListener");
			assertThat(output).contains("Ignoring the successor's answer for batch 99, which was never sent");
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whenSomethingFailsAfterTheHandoverThenItExitsNevertheless(CapturedOutput output) throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			generations.failToLeave(new IllegalStateException("no way out")).restart();
			generations.report();
			assertThat(generations.departures()).containsExactly(true);
			assertThat(output).contains("Unexpected error after the handover. Exiting nevertheless", "no way out");
			Successor successor = generations.successor();
			await().atMost(Limits.PATIENCE).until(() -> successor.phase() == RestartPhase.SERVING);
		}
	}

	@Test
	void whenARequestDoesNotEndThenItIsCutWhenTimeIsUp() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().drain(Limits.SHORT))) {
			generations.predecessor().host().active(3);
			generations.restart().report();
			assertThat(generations.predecessor().host().cut()).isEqualTo(3);
			assertThat(generations.departures()).containsExactly(true);
		}
	}

	@Test
	void whenTheSuccessorDoesNotAnswerThenThePredecessorRollsBack() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory,
				new Limits().probation(Limits.LONG).hang(Limits.SHORT))
			.script((successor) -> successor.serve())
			.restart()) {
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(report.reason())
				.endsWith("has not responded for " + Limits.SHORT.toMillis() + " ms, but is still running");
			assertServing(generations);
		}
	}

	@Test
	void whenProbationIsOverThenTheSuccessorIsAskedOnceMore() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			successor.serve();
			// It is asked, and does not answer any more
			successor.expectOnly(Ping.class);
			successor.exit(3);
		}).restart()) {
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(generations.departures()).isEmpty();
			assertServing(generations);
		}
	}

	@Test
	void whenToldToStopBeforeTheSuccessorServesThenBothEnd() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold().restart()) {
			generations.successor();
			await().atMost(Limits.PATIENCE)
				.until(() -> generations.predecessor().phase() == RestartPhase.AWAITING_READY);
			generations.stop();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.LEAVING);
			// The shutdown that told it to stop closes the listener, with the web server
			assertThat(generations.predecessor().host().done()).isEmpty();
			assertThat(generations.departures()).isEmpty();
		}
	}

	@Test
	void whenToldToStopWhileItDrainsThenNobodyListens() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))
			.restart()) {
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			generations.stop();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(generations.predecessor().host().done()).containsExactly("beginDrain", "closeListener");
		}
	}

	@Test
	void whenToldToStopBeforeItBeginsThenNothingIsLaunched() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			generations.preflight(Preflights.of((launch) -> {
				generations.stop();
				return List.of(PreflightResult.passed("check", "passed"));
			})).restart();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
			assertThat(report.phases()).extracting(RestartReport.Phase::name)
				.containsExactly(RestartPhase.PREFLIGHT.label());
		}
	}

	@Test
	void whenTheServiceIsShutDownThenThePredecessorFollows() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))) {
			generations.script((successor) -> {
				successor.serve();
				successor.say(new Stopping(true));
				await().atMost(Limits.PATIENCE).until(generations.predecessor()::accepts);
				successor.exit(0);
			}).restart();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
			assertThat(report.reason()).endsWith("was asked to shut down while it was serving (exit code 0)");
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(generations.departures()).containsExactly(false);
		}
	}

	@Test
	void whenOnlyTheSuccessorIsStoppedThenThePredecessorAcceptsBeforeItHasEnded() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))
			.restart()) {
			Successor successor = generations.successor();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			successor.stop(false);
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().accepts());
			assertThat(successor.generation().accepts()).isFalse();
			assertThat(successor.phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.PROBATION);
			generations.exitSuccessor(143);
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(report.reason()).endsWith("was told to stop (exit code 143) after it had begun to serve");
			assertServing(generations);
		}
	}

	@Test
	void whenSomethingThatCannotBeHandedOverHasComeThenThePredecessorServesOn() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold().restart()) {
			Successor successor = generations.successor();
			generations.predecessor().addObstacle("another connector");
			successor.ready();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.FAILED);
			assertThat(report.reason()).isEqualTo("another connector");
			assertServing(generations);
		}
	}

	@Test
	void whenTheSuccessorHasNoSuchListenerThenThePredecessorAcceptsOnItDuringProbation() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))
			.script((successor) -> successor.serve(List.of()))
			.restart()) {
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.DRAINING);
			generations.connect();
			await().atMost(Limits.PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			assertThat(generations.predecessor().host().done()).isEmpty();
			generations.stop();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.STOPPED);
		}
	}

	@Test
	void whenADrainCannotBeginThenThePredecessorRollsBack() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			generations.predecessor().host().failToDrain(new IllegalStateException("no drain"));
			generations.restart();
			RestartReport report = generations.report();
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			assertThat(report.reason()).contains("an unexpected error", "no drain");
			assertThat(generations.predecessor().host().done()).containsExactly("beginDrain");
			assertServing(generations);
		}
	}

	private static void assertServing(TwoGenerations generations) {
		assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(generations.predecessor().accepts()).isTrue();
		assertThat(generations.departures()).isEmpty();
	}

}
