package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Either process is told to stop, or ends itself, in each phase. The table that this test
 * follows is in docs/architecture.md.
 */
class EndIT {

	private FailingService service;

	@RegisterExtension
	final TestExecutionExceptionHandler showLog = this::showLog;

	private void showLog(ExtensionContext context, Throwable failure) throws Throwable {
		if (this.service == null) {
			throw failure;
		}
		this.service.handleTestExecutionException(context, failure);
	}

	@AfterEach
	void stop() {
		if (this.service != null) {
			this.service.close();
		}
	}

	static Stream<Arguments> ofThePredecessor() {
		return Stream.of(Phase.values())
			.flatMap((phase) -> Stream.of(Cause.values()).map((cause) -> Arguments.of(phase, cause)));
	}

	@ParameterizedTest
	@MethodSource("ofThePredecessor")
	void predecessor(Phase phase, Cause cause) throws Exception {
		SampleService.Builder builder = SampleService.named("end-" + phase + "-" + cause)
			.args("--graceful.restart.probation=" + ((phase == Phase.PROBATION) ? "5m" : "0s"));
		Path release = builder.directory().resolve("release");
		if (phase == Phase.HANDING_OVER) {
			builder.args("--sample.hold-handover=" + release);
		}
		if (phase == Phase.LEAVING) {
			builder.args("--sample.stop-delay=1s");
		}
		if (phase == Phase.STARTING) {
			Files.writeString(builder.directory().resolve("application.properties"), "sample.hang-start=true");
			this.service = FailingService.launch(builder);
			this.service.awaitOutput("Tomcat started on port");
		}
		else {
			this.service = FailingService.start(builder);
		}
		long predecessor = this.service.process().pid();
		this.service.configure(phase.configuration);
		try (RawHttp upload = this.service.service().connect()) {
			if (phase == Phase.DRAINING) {
				upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
						+ "Content-Type: application/octet-stream\r\n\r\n01234");
			}
			boolean armed = phase.isAfterTakeover() && !cause.isSignal();
			if (armed) {
				post(cause, "&at=" + phase.label());
			}
			long successor = phase.isRestart() ? this.service.trigger() : 0;
			if (phase == Phase.LAUNCHING) {
				this.service.process().signal(successor, "STOP");
			}
			if (!armed) {
				reach(phase);
				happen(cause, predecessor);
			}
			Files.createFile(release);
			if (phase == Phase.DRAINING && cause != Cause.HALT) {
				if (cause == Cause.SPRING_EXIT) {
					this.service.awaitOutput("Told to stop during a graceful restart");
				}
				// What was accepted is finished all the same
				upload.write("56789");
				HttpAnswer answer = upload.read();
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.text()).startsWith("bytes=10 ");
			}
			int code = this.service.process().awaitExitCode(FailingService.PATIENCE);
			assertThat(code).isEqualTo((phase == Phase.LEAVING && cause != Cause.HALT) ? code : cause.exitCode);
			boolean successorLives = phase == Phase.LEAVING || (phase.isRestart() && cause == Cause.HALT);
			if (phase == Phase.LAUNCHING && successorLives) {
				this.service.process().signal(successor, "CONT");
			}
			if (successorLives) {
				assertServesAlone(successor);
			}
			else {
				assertNothingIsLeft();
			}
			if (phase.isRestart() && !successorLives) {
				assertThat(this.service.outputSinceMark())
					.contains("Told to stop during a graceful restart: ending successor (pid " + successor + ") first");
			}
		}
	}

	/**
	 * A successor that does not serve yet is not the service.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TERM", "TERM_TWICE", "INT" })
	void successorThatStarts(Cause cause) throws Exception {
		this.service = FailingService.start("end-successor-starting-" + cause);
		this.service.configure("sample.hang-start=true");
		this.service.startLoad();
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.awaitOutput("Started SampleApplication");
		happen(cause, successor);
		this.service.awaitFailure(predecessor, successor, "failed");
		this.service.assertNothingLost();
	}

	/**
	 * One that serves is, even if its predecessor could take back.
	 */
	@ParameterizedTest
	@EnumSource(names = "HALT", mode = EnumSource.Mode.EXCLUDE)
	void successorWhileThePredecessorDrains(Cause cause) throws Exception {
		this.service = FailingService.start("end-successor-drain-" + cause);
		try (RawHttp upload = this.service.service().connect()) {
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			long successor = this.service.trigger();
			this.service.awaitOutput("serves as generation 2, draining");
			happen(cause, successor);
			this.service.awaitOutput("Ending too, because successor (pid " + successor + ") was told to stop");
			upload.write("56789");
			assertThat(upload.read().status()).isEqualTo(200);
			assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
			assertNothingIsLeft();
		}
	}

	@ParameterizedTest
	@EnumSource(names = "HALT", mode = EnumSource.Mode.EXCLUDE)
	void successorOnProbation(Cause cause) throws Exception {
		this.service = FailingService.start("end-successor-probation-" + cause, "--graceful.restart.probation=5m");
		long successor = this.service.trigger();
		this.service.awaitOutput("is on probation for another");
		happen(cause, successor);
		this.service.awaitOutput("Ending too, because successor (pid " + successor + ") was told to stop");
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
		assertNothingIsLeft();
	}

	private void reach(Phase phase) {
		switch (phase) {
			case LAUNCHING, AWAITING_READY, HANDING_OVER -> this.service.awaitState(phase.label());
			case DRAINING -> this.service.awaitOutput("serves as generation 2, draining");
			case PROBATION -> this.service.awaitOutput("is on probation for another");
			case LEAVING -> this.service.awaitOutput("Leaving the service to pid");
			default -> {
			}
		}
	}

	private void happen(Cause cause, long pid) throws RequestFailedException {
		if (!cause.isSignal()) {
			post(cause, "");
			return;
		}
		this.service.process().signal(pid, (cause == Cause.INT) ? "INT" : "TERM");
		if (cause == Cause.TERM_TWICE) {
			this.service.process().signal(pid, "TERM");
		}
	}

	private void post(Cause cause, String query) throws RequestFailedException {
		try {
			this.service.service().post("/fail?how=" + cause.label() + query);
		}
		catch (RequestFailedException ex) {
			if (cause != Cause.HALT) {
				throw ex;
			}
		}
	}

	private void assertNothingIsLeft() {
		await().atMost(FailingService.PATIENCE)
			.untilAsserted(() -> assertThat(this.service.process().running()).isEmpty());
		this.service.assertNoFilesLeft();
	}

	private void assertServesAlone(long successor) throws RequestFailedException {
		this.service.configure();
		this.service.process()
			.awaitReady(this.service.service().port(), "/actuator/health/readiness", FailingService.PATIENCE);
		this.service.awaitState("serving");
		assertThat(this.service.service().pid()).isEqualTo(successor);
		assertThat(this.service.process().running()).extracting(ProcessHandle::pid).containsExactly(successor);
		this.service.assertNoFilesLeft();
	}

	/**
	 * Where a predecessor stands.
	 */
	enum Phase {

		STARTING(""), SERVING(""), LAUNCHING(""), AWAITING_READY("sample.start-delay=4s"), HANDING_OVER(""),
		DRAINING(""), PROBATION(""), LEAVING("");

		private final String configuration;

		Phase(String configuration) {
			this.configuration = configuration;
		}

		boolean isRestart() {
			return this != STARTING && this != SERVING;
		}

		boolean isAfterTakeover() {
			return AFTER_TAKEOVER.contains(this);
		}

		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

		private static final Set<Phase> AFTER_TAKEOVER = EnumSet.of(DRAINING, PROBATION, LEAVING);

	}

	/**
	 * What makes a process end, and the exit code that shows it.
	 */
	enum Cause {

		TERM(143), TERM_TWICE(143), INT(130), SPRING_EXIT(0), HALT(7);

		private final int exitCode;

		Cause(int exitCode) {
			this.exitCode = exitCode;
		}

		boolean isSignal() {
			return this != SPRING_EXIT && this != HALT;
		}

		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
