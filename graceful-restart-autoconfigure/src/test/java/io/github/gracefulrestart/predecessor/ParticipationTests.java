package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.SuccessorLaunch;
import io.github.gracefulrestart.generations.Generation;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.TwoGenerations;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.state.Participant;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What participants are told, in a restart that comes to nothing and in one that does
 * not.
 */
class ParticipationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration LONG = Duration.ofMinutes(2);

	@TempDir
	private Path directory;

	private final RestartState state = new RestartState(RestartPhase.PREFLIGHT, 1, null, (event) -> {
	});

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final PendingAttempt attempt = new PendingAttempt();

	private final PredecessorRun run;

	private final RunParts parts;

	private volatile boolean locked;

	private volatile boolean stopped;

	ParticipationTests(@TempDir Path control) {
		RestartSettings settings = new Limits().probation(PATIENCE).settings(control);
		this.parts = new RunParts(this.state, new ListenerHosts(), (flag, listeners, scratch) -> {
			this.told.add("launch");
			throw new IllegalStateException("there is no such program");
		}, ApplicationJars.ofThisJvm(), settings, Preflights.none());
		this.run = new PredecessorRun(this.parts, "test", this.attempt, (pid, drained, left) -> {
		});
		this.state.participants().join(List.of(new Participant("lock", new Lock())), PATIENCE);
	}

	@Test
	void whenTheLaunchFailsThenTheyResume() {
		this.run.run();
		assertThat(report().outcome()).isEqualTo(RestartOutcome.FAILED);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.told).containsExactly("before launch", "launch", "resume"));
	}

	@Test
	void whenOneIsAgainstItThenTheRestartIsRefusedAndNothingLaunched() {
		this.locked = true;
		this.run.run();
		assertThat(report().outcome()).isEqualTo(RestartOutcome.REFUSED);
		assertThat(report().reason()).isEqualTo("participant 'lock' failed in beforeLaunch: host-7 has the lock");
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(this.attempt.launched().toCompletableFuture()).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(RestartRefusedException.class)
			.withMessageEndingWith(report().reason());
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.told).containsExactly("before launch", "resume"));
	}

	@Test
	void whenOneIsAgainstItThenADryRunSaysSo() throws Exception {
		this.locked = true;
		CompletableFuture<DryRunReport> result = new CompletableFuture<>();
		new DryRun(this.parts, "test", true, result).run();
		assertThat(result.get().reason()).isEqualTo("participant 'lock' failed in beforeLaunch: host-7 has the lock");
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.told).containsExactly("before launch, dry", "resume"));
	}

	@Test
	void whenToldToStopMeanwhileThenNothingIsLaunched() {
		this.stopped = true;
		this.run.run();
		assertThat(report().outcome()).isEqualTo(RestartOutcome.STOPPED);
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		assertThat(this.told).containsExactly("before launch", "stopping");
	}

	@Test
	void whenTheSuccessorServesThenItTakesOverAndThePredecessorLeaves() throws Exception {
		List<String> successors = new CopyOnWriteArrayList<>();
		try (TwoGenerations generations = generations(Duration.ZERO)) {
			generations.restart();
			join(generations.successor().generation(), successors);
			generations.successor().ready();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.COMPLETED);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(successors).containsExactly("taken over", "alone"));
			assertThat(this.told).containsExactly("before launch", "launched", "resign",
					"leaving to " + generations.predecessor().state().successorPid());
		}
	}

	@Test
	void whenTheSuccessorDiesThenThePredecessorResumes() throws Exception {
		try (TwoGenerations generations = generations(LONG)) {
			generations.restart();
			generations.successor().ready();
			await().atMost(PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			generations.exitSuccessor(137);
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(this.told).containsExactly("before launch", "launched", "resign", "resume"));
		}
	}

	@Test
	void whenThePredecessorIsToldToStopThenTheSuccessorEndsAfterTheyHaveBeenTold() throws Exception {
		try (TwoGenerations generations = generations(LONG)) {
			generations.restart();
			generations.successor().ready();
			await().atMost(PATIENCE).until(() -> generations.predecessor().phase() == RestartPhase.PROBATION);
			generations.stop();
			assertThat(generations.report().outcome()).isEqualTo(RestartOutcome.STOPPED);
			assertThat(this.told).containsExactly("before launch", "launched", "resign", "stopping");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenADryRunEndsThenThePredecessorResumesUnlessItIsToldToStop(boolean stop) throws Exception {
		try (TwoGenerations generations = generations(LONG)) {
			CompletableFuture<DryRunReport> result = generations.dryRun(true);
			generations.successor();
			if (stop) {
				generations.stop();
			}
			else {
				generations.successor().ready();
			}
			assertThat(result.get().boot().ready()).isEqualTo(!stop);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(this.told).containsExactly("before launch, dry", "launched",
						stop ? "stopping" : "resume"));
		}
	}

	private TwoGenerations generations(Duration probation) throws IOException {
		TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(probation)).hold();
		join(generations.predecessor(), this.told);
		return generations;
	}

	private void join(Generation generation, List<String> heard) {
		generation.state().participants().join(List.of(new Participant("recorder", new Recorder(heard))), PATIENCE);
	}

	private RestartReport report() {
		assertThat(this.state.lastReport()).isNotNull();
		return this.state.lastReport();
	}

	private final class Lock extends Recorder {

		private Lock() {
			super(ParticipationTests.this.told);
		}

		@Override
		public void beforeLaunch(SuccessorLaunch launch) {
			super.beforeLaunch(launch);
			if (ParticipationTests.this.locked) {
				throw new IllegalStateException("host-7 has the lock");
			}
			if (ParticipationTests.this.stopped) {
				ParticipationTests.this.run.stop();
			}
		}

	}

	private static class Recorder implements RestartParticipant {

		private final List<String> told;

		Recorder(List<String> told) {
			this.told = told;
		}

		@Override
		public void beforeLaunch(SuccessorLaunch launch) {
			this.told.add("before launch" + (launch.dryRun() ? ", dry" : ""));
		}

		@Override
		public void launched(long successorPid) {
			this.told.add("launched");
		}

		@Override
		public void takenOver() {
			this.told.add("taken over");
		}

		@Override
		public void resign() {
			this.told.add("resign");
		}

		@Override
		public void resume() {
			this.told.add("resume");
		}

		@Override
		public void stopping() {
			this.told.add("stopping");
		}

		@Override
		public void leaving(long successorPid) {
			this.told.add("leaving to " + successorPid);
		}

		@Override
		public void alone() {
			this.told.add("alone");
		}

	}

}
