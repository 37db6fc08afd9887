package io.github.gracefulrestart.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.PreflightReport;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.RestartAttempt.Launched;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.actuate.ReloadDescriptor.RestartDescriptor;
import io.github.gracefulrestart.actuate.ReloadDescriptor.SupervisorDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint {@code reload} answers to what becomes of a restart.
 */
class ReloadAnswerTests {

	private static final long PID = ProcessHandle.current().pid();

	private static final SupervisorDescriptor SUPERVISOR = new SupervisorDescriptor("keeper", "tini");

	private final PlayedRestarter restarter = new PlayedRestarter();

	private final ReloadEndpoint endpoint = endpoint(Show.ALWAYS);

	@Test
	void whenTheSuccessorHasBeenLaunchedThenIsAccepted() {
		this.restarter.launched.complete(new Launched(4, PlayedRestarter.SUCCESSOR));
		WebEndpointResponse<Object> response = this.endpoint.reload();
		assertThat(response.getStatus()).isEqualTo(202);
		assertThat(response.getBody())
			.isEqualTo(new ReloadAnswer("restart under way", 4, PID, PlayedRestarter.SUCCESSOR, "/actuator/reload"));
		assertThat(this.restarter.asked).containsExactly("restart by endpoint");
	}

	@ParameterizedTest
	@CsvSource({ "COMPLETED, 200", "FAILED, 500", "ROLLED_BACK, 500", "STOPPED, 500" })
	void whenToWaitThenTheOutcomeIsAnswered(RestartOutcome outcome, int status) {
		this.restarter.launched.complete(new Launched(4, PlayedRestarter.SUCCESSOR));
		this.restarter.outcome.complete(report(outcome));
		WebEndpointResponse<Object> response = this.endpoint.reload(true, null, null);
		assertThat(response.getStatus()).isEqualTo(status);
		assertThat(response.getBody()).isEqualTo(RestartDescriptor.of(report(outcome), true));
	}

	@ParameterizedTest
	@CsvSource({ "UNDER_WAY, 409", "IMPOSSIBLE, 422", "UNAVAILABLE, 503" })
	void whenRefusedThenTheStatusSaysWhatCanBeDone(RestartRefusedException.Kind kind, int status) {
		this.restarter.refusal = switch (kind) {
			case UNDER_WAY -> RestartRefusedException.underWay("a reason");
			case IMPOSSIBLE -> RestartRefusedException.impossible("a reason");
			case UNAVAILABLE -> RestartRefusedException.unavailable("a reason");
		};
		ReloadAnswer answer = new ReloadAnswer("a reason", PlayedRestarter.GENERATION, PID, null, "/actuator/reload");
		for (WebEndpointResponse<Object> response : List.of(this.endpoint.reload(),
				this.endpoint.reload(true, false, false), this.endpoint.reload(false, true, true),
				this.endpoint.rollBack())) {
			assertThat(response.getStatus()).isEqualTo(status);
			assertThat(response.getBody()).isEqualTo(answer);
		}
		assertThat(this.restarter.asked).containsExactly("restart by endpoint", "restart by endpoint",
				"dry run by endpoint with boot", "roll back by DELETE /actuator/reload");
	}

	@ParameterizedTest
	@CsvSource({ "true, 422", "false, 422" })
	void whenRefusedAfterItBeganThenThatIsAnsweredToo(boolean wait, int status) {
		this.restarter.launched.completeExceptionally(RestartRefusedException.impossible("no memory"));
		WebEndpointResponse<Object> response = this.endpoint.reload(wait, null, null);
		assertThat(response.getStatus()).isEqualTo(status);
		assertThat(((ReloadAnswer) response.getBody()).message()).isEqualTo("no memory");
	}

	@Test
	void whenToRollBackThenItIsSaidWhoServes() {
		WebEndpointResponse<Object> response = this.endpoint.rollBack();
		assertThat(response.getStatus()).isEqualTo(202);
		assertThat(response.getBody())
			.isEqualTo(new ReloadAnswer("the predecessor (pid 2) rolls back, and this process will exit",
					PlayedRestarter.GENERATION - 1, PID, null, "/actuator/reload"));
	}

	@Test
	void whenADryRunPassesThenWhatWasFoundIsAnswered() {
		DryRunDescriptor answer = tried(200, PreflightResult.passed("memory", "enough"), null);
		assertThat(answer.message()).isEqualTo("a successor could be launched");
		assertThat(answer.passed()).isTrue();
		assertThat(answer.checks()).containsExactly(new DryRunDescriptor.CheckDescriptor("memory", "passed", "enough"));
		DryRunReport.Boot boot = new DryRunReport.Boot(PlayedRestarter.SUCCESSOR, Duration.ofMillis(1234), null, null);
		answer = tried(200, PreflightResult.passed("memory", "enough"), boot);
		assertThat(answer.boot())
			.isEqualTo(new DryRunDescriptor.BootDescriptor(true, PlayedRestarter.SUCCESSOR, 1234, null, null));
	}

	@Test
	void whenADryRunDoesNotPassThenTheStatusSaysWhatARestartWouldComeTo() {
		assertThat(tried(422, PreflightResult.refused("memory", "too little"), null).message()).isEqualTo("too little");
		assertThat(tried(503, PreflightResult.unavailable("native", "none"), null).passed()).isFalse();
		DryRunReport.Boot boot = new DryRunReport.Boot(PlayedRestarter.SUCCESSOR, Duration.ofMillis(1234), "a reason",
				"much output");
		DryRunDescriptor answer = tried(500, PreflightResult.passed("memory", "enough"), boot);
		assertThat(answer.message()).isEqualTo("a reason");
		assertThat(answer.boot().detail()).isEqualTo("much output");
	}

	private DryRunDescriptor tried(int status, PreflightResult found, DryRunReport.Boot boot) {
		this.restarter.dryRun = new DryRunReport("endpoint", PlayedRestarter.GENERATION,
				new PreflightReport(List.of(found)), boot);
		WebEndpointResponse<Object> response = this.endpoint.reload(new ReloadParameters(false, true, boot != null),
				SecurityContext.NONE);
		assertThat(response.getStatus()).isEqualTo(status);
		return (DryRunDescriptor) response.getBody();
	}

	@Test
	void whenReadThenItIsSaidWhereThisProcessStands() {
		this.restarter.phase = RestartPhase.DRAINING;
		this.restarter.connections = new ConnectionCount(5, 6);
		this.restarter.lastReport = report(RestartOutcome.ROLLED_BACK);
		ReloadDescriptor answer = this.endpoint.status(SecurityContext.NONE);
		assertThat(answer.state()).isEqualTo("draining");
		assertThat(answer.generation()).isEqualTo(PlayedRestarter.GENERATION);
		assertThat(answer.pid()).isEqualTo(PID);
		assertThat(answer.predecessorPid()).isEqualTo(2);
		assertThat(answer.successorPid()).isEqualTo(PlayedRestarter.SUCCESSOR);
		assertThat(answer.listeners())
			.containsExactly(new ReloadDescriptor.ListenerDescriptor("server", "127.0.0.1:8080", true));
		assertThat(answer.connections()).isEqualTo(new ReloadDescriptor.ConnectionsDescriptor(5, 6));
		assertThat(answer.supervisedBy()).isEqualTo(SUPERVISOR);
		RestartDescriptor last = answer.lastRestart();
		assertThat(last.outcome()).isEqualTo("rolled-back");
		assertThat(last.reason()).isEqualTo("a reason");
		assertThat(last.detail()).isEqualTo("much output");
		assertThat(last.millis()).isEqualTo(3000);
		assertThat(last.handoverGapMillis()).isEqualTo(-1.5);
		assertThat(last.phases()).containsExactly(new ReloadDescriptor.PhaseDescriptor("launching", 1000),
				new ReloadDescriptor.PhaseDescriptor("draining", 2000));
		assertThat(last.connections()).isEqualTo(new ReloadDescriptor.FatesDescriptor(1, 2, 3, 4, 5));
	}

	@Test
	void whenValuesAreNotShownThenOutputOfTheSuccessorIsHidden() {
		this.restarter.lastReport = report(RestartOutcome.FAILED);
		RestartDescriptor last = endpoint(Show.NEVER).status(SecurityContext.NONE).lastRestart();
		assertThat(last.reason()).isEqualTo("a reason");
		assertThat(last.detail()).startsWith("hidden").doesNotContain("output");
	}

	private ReloadEndpoint endpoint(Show showValues) {
		return new ReloadEndpoint(this.restarter, "/actuator/reload", showValues, Set.of(), SUPERVISOR);
	}

	static RestartReport report(RestartOutcome outcome) {
		return RestartReport.of("endpoint", outcome)
			.because("a reason", "much output")
			.generation(4)
			.predecessorPid(PID)
			.successorPid(PlayedRestarter.SUCCESSOR)
			.startedAt(Instant.EPOCH)
			.phases(List.of(new RestartReport.Phase("launching", Duration.ofSeconds(1)),
					new RestartReport.Phase("draining", Duration.ofSeconds(2))))
			.drained(new DrainSummary(1, 2, 3, 4, 5))
			.handoverGap(Duration.ofNanos(-1_500_000))
			.build();
	}

}
