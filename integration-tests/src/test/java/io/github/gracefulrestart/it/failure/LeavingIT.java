package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.time.Duration;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that has handed over the service does not exit. The process that serves by
 * then logs it, and continues alone when the limit has passed.
 */
@Lengthy
class LeavingIT extends WithFailingService {

	private static final String LIMIT = "--graceful.restart.shutdown-timeout=4s";

	private void start(String name, String... configuration) throws Exception {
		SampleService.Builder builder = SampleService.named(name).args(LIMIT);
		Files.writeString(builder.directory().resolve("application.properties"), String.join("\n", configuration));
		this.service = FailingService.start(builder);
	}

	@Test
	void whenABeanDoesNotReturnThenItIsNamedAndTheProcessHalts() throws Exception {
		start("leaving-bean", "sample.stop-delay=10m");
		long predecessor = this.service.service().pid();
		this.service.configure("");
		this.service.startLoad();
		this.service.restart();
		assertThat(this.service.outputSinceMark())
			.contains("Predecessor (pid " + predecessor + ") has handed over, but is still running")
			.contains("This process has not exited within 4000 ms: bean 'stopDelay' (")
			.contains("sample.StartConfiguration.lambda$stopDelay")
			.contains("Halting this process");
		this.service.restart();
		this.service.assertNothingLost();
	}

	@Test
	@Tag("exhaustive")
	void whenAListenerDoesNotReturnThenItIsNamedAndTheProcessHalts() throws Exception {
		start("leaving-listener", "sample.fault-at=closed", "sample.fault-how=hang");
		this.service.configure("");
		this.service.restart();
		assertThat(this.service.outputSinceMark())
			.contains("This process has not exited within 4000 ms: the listener bean 'faultyListener' (")
			.contains("Halting this process");
	}

	/**
	 * Then no process serves, and a supervisor is to start the service again.
	 */
	@Test
	void whenTheSuccessorDiesMeanwhileThenTheExitCodeSaysThatNoProcessServes() throws Exception {
		this.service = FailingService.start("leaving-alone", "--sample.stop-delay=5s",
				"--graceful.restart.probation=0s");
		long successor = this.service.trigger();
		this.service.awaitOutput(LogLines.HANDED_OVER + " " + successor);
		this.service.process().signal(successor, "KILL");
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isEqualTo(1);
		assertThat(this.service.outputSinceMark()).contains("The successor (pid " + successor + ") ended while");
	}

	/**
	 * It can do nothing about it itself, so that its successor does.
	 */
	@Test
	void whenThePredecessorIsStoppedInItsEndThenTheSuccessorKillsIt() throws Exception {
		SampleService.Builder builder = SampleService.named("leaving-stopped")
			.args("--graceful.restart.shutdown-timeout=10s");
		Files.writeString(builder.directory().resolve("application.properties"), "sample.stop-delay=10m");
		this.service = FailingService.start(builder);
		long predecessor = this.service.service().pid();
		this.service.configure("");
		long successor = this.service.trigger();
		this.service.awaitOutput(LogLines.HANDED_OVER + " " + successor);
		this.service.process().signal(predecessor, "STOP");
		await("the end").atMost(FailingService.PATIENCE).until(() -> !ProcFs.isRunning(predecessor));
		this.service
			.awaitOutput("Predecessor (pid " + predecessor + ") has handed over, but has not exited. Killing it");
		this.service.awaitState("serving");
	}

	/**
	 * As PID 1 of a container has to, because its exit would end the container.
	 */
	@Test
	@Tag("exhaustive")
	void whenThePredecessorBecomesAnotherProgramThenItIsGone() throws Exception {
		this.service = FailingService.start(FaultyApplication.get().service("leaving-exec"));
		long predecessor = this.service.service().pid();
		this.service.startLoad();
		Fault fault = this.service.arm(1, "sent Left", FaultAction.EXEC);
		long successor = this.service.trigger();
		fault.awaitReached();
		assertThat(this.service.status("$.state")).isEqualTo("succeeding");
		fault.release();
		this.service.awaitOutput(LogLines.servesAlone(predecessor, 2));
		assertThat(ProcFs.commandLine(predecessor)).containsExactly("sleep", "600");
		assertThat(this.service.status("$.lastRestart.outcome")).isEqualTo("completed");
		assertThat(this.service.number("$.pid")).isEqualTo(successor);
		this.service.restart();
		assertThat(ProcFs.commandLine(predecessor)).containsExactly("sleep", "600");
		this.service.assertNothingLost();
	}

	/**
	 * The successor knows which process holds it before that is killed.
	 */
	@Test
	void whenASuccessorThatIsToEndDoesNotThenItSaysWhatHoldsIt() throws Exception {
		SampleService.Builder builder = SampleService.named("leaving-successor")
			.args("--graceful.restart.probation=5m");
		this.service = FailingService.start(builder, Duration.ofSeconds(8));
		long predecessor = this.service.service().pid();
		this.service.configure("sample.stop-delay=10m");
		this.service.startLoad();
		long successor = this.service.trigger();
		this.service.awaitOutput("is on probation for another");
		this.service.service().request("DELETE", this.service.service().port(), "/actuator/reload");
		this.service.awaitFailure(predecessor, successor, "rolled back");
		assertThat(this.service.outputSinceMark())
			.contains("This process has not exited within 6000 ms: bean " + "'stopDelay' (");
		this.service.assertNothingLost();
	}

}
