package io.github.gracefulrestart.predecessor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.TwoGenerations;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.Preflights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A dry run finds out what a restart would come to, and changes nothing.
 */
class DryRunTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private Path directory;

	@Test
	void whenNothingIsToBeLaunchedThenOnlyThePreflightRuns() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			DryRunReport report = generations.dryRun(false).get();
			assertThat(report.passed()).isTrue();
			assertThat(report.boot()).isNull();
			assertEnded(generations, RestartOutcome.DRY_RUN);
			assertThat(generations.predecessor().phases()).containsExactly(RestartPhase.PREFLIGHT,
					RestartPhase.SERVING);
		}
	}

	@Test
	void whenThePreflightRefusesThenNothingIsLaunched() throws Exception {
		Preflight preflight = Preflights
			.of((launch) -> List.of(PreflightResult.refused("check", "something is in the way")));
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).preflight(preflight)) {
			DryRunReport report = generations.dryRun(true).get();
			assertThat(report.passed()).isFalse();
			assertThat(report.reason()).contains("something is in the way");
			assertThat(report.boot()).isNull();
			assertEnded(generations, RestartOutcome.DRY_RUN);
		}
	}

	@Test
	void whenTheSuccessorIsReadyThenItIsEndedWithoutTraffic() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold()) {
			CompletableFuture<DryRunReport> result = generations.dryRun(true);
			generations.successor();
			generations.connect();
			await().atMost(PATIENCE).until(() -> generations.predecessor().host().connections().idle() == 1);
			generations.successor().ready();
			DryRunReport report = result.get();
			assertThat(report.passed()).isTrue();
			assertThat(report.boot().ready()).isTrue();
			assertThat(generations.successor().phase()).isEqualTo(RestartPhase.INHERITING);
			assertThat(generations.successor().host().connections().total()).isZero();
			assertThat(generations.predecessor().host().done()).isEmpty();
			assertThat(generations.predecessor().accepts()).isTrue();
			assertEnded(generations, RestartOutcome.DRY_RUN);
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void whenTheSuccessorFailsThenItIsSaidWhy() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			assertThat(successor.flag().dryRun()).isTrue();
			successor.inherit();
			successor.say(new Failed("no database", "at line 1"));
			successor.exit(1);
		})) {
			DryRunReport report = generations.dryRun(true).get();
			assertThat(report.passed()).isFalse();
			assertThat(report.reason()).endsWith("failed to start: no database");
			assertThat(report.boot().detail()).isEqualTo("at line 1");
			assertEnded(generations, RestartOutcome.DRY_RUN);
		}
	}

	@Test
	void whenTheSuccessorIsReadyThenItIsToldWhyItEnds() throws Exception {
		CompletableFuture<String> reason = new CompletableFuture<>();
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).script((successor) -> {
			successor.inherit();
			successor.say(new Ready());
			reason.complete(successor.expect(Abort.class).reason());
		})) {
			assertThat(generations.dryRun(true).get().passed()).isTrue();
			assertThat(reason.get()).isEqualTo("this was a dry run");
		}
	}

	@Test
	void whenToldToStopThenTheSuccessorIsEndedFirst() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits()).hold()) {
			CompletableFuture<DryRunReport> result = generations.dryRun(true);
			generations.successor();
			generations.stop();
			assertThat(result.get().reason()).isEqualTo("this process was told to stop");
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(report(generations).outcome()).isEqualTo(RestartOutcome.STOPPED);
		}
	}

	private static void assertEnded(TwoGenerations generations, RestartOutcome outcome) {
		assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(generations.departures()).isEmpty();
		assertThat(report(generations).outcome()).isEqualTo(outcome);
		// The last restart is not forgotten because of it
		assertThat(generations.predecessor().state().lastReport()).isNull();
	}

	private static RestartReport report(TwoGenerations generations) {
		await().atMost(PATIENCE)
			.until(() -> generations.predecessor().events().stream().anyMatch(RestartEndedEvent.class::isInstance));
		return generations.predecessor()
			.events()
			.stream()
			.filter(RestartEndedEvent.class::isInstance)
			.map((event) -> ((RestartEndedEvent) event).getReport())
			.findFirst()
			.orElseThrow();
	}

}
