package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Either process is told to stop, or ends itself, in each phase. The table that this test
 * follows is in docs/architecture.md; an ordinary build looks at a sample of it, the
 * profile {@code exhaustive} at all the rest.
 */
class EndIT extends WithFailingService {

	private static final List<Phase> PHASES = List.of(Phase.values());

	private static final List<Cause> OF_PREDECESSORS = List.of(Cause.TERM, Cause.TERM_TWICE, Cause.INT,
			Cause.SPRING_EXIT, Cause.HALT);

	private static final List<Cause> OF_SUCCESSORS = List.of(Cause.TERM, Cause.TERM_TWICE, Cause.INT, Cause.EXIT);

	private static final List<Phase> PHASES_OF_SUCCESSORS = List.of(Phase.AWAITING_READY, Phase.DRAINING,
			Phase.PROBATION);

	static Stream<Arguments> someOfThePredecessor() {
		return ofThePredecessor(EndIT::isSample);
	}

	static Stream<Arguments> othersOfThePredecessor() {
		return ofThePredecessor((phase, cause) -> !isSample(phase, cause));
	}

	private static Stream<Arguments> ofThePredecessor(BiPredicate<Phase, Cause> chosen) {
		return PHASES.stream()
			.flatMap((phase) -> OF_PREDECESSORS.stream()
				.filter((cause) -> chosen.test(phase, cause))
				.map((cause) -> Arguments.of(phase, cause)));
	}

	/**
	 * One cause in each phase, and each cause in some phase.
	 */
	private static boolean isSample(Phase phase, Cause cause) {
		return OF_PREDECESSORS.get(PHASES.indexOf(phase) * 3 % OF_PREDECESSORS.size()) == cause;
	}

	@ParameterizedTest
	@MethodSource("someOfThePredecessor")
	@Execution(ExecutionMode.CONCURRENT)
	void predecessor(Phase phase, Cause cause) throws Exception {
		endPredecessor(phase, cause);
	}

	@ParameterizedTest
	@MethodSource("othersOfThePredecessor")
	@Execution(ExecutionMode.CONCURRENT)
	@Tag("exhaustive")
	void predecessorInAllOtherCases(Phase phase, Cause cause) throws Exception {
		endPredecessor(phase, cause);
	}

	private void endPredecessor(Phase phase, Cause cause) throws Exception {
		String name = "end-" + phase + "-" + cause;
		SampleService.Builder builder = ((phase == Phase.HANDING_OVER) ? FaultyApplication.get().service(name)
				: SampleService.named(name))
			.args("--graceful.restart.probation=" + ((phase == Phase.PROBATION) ? "5m" : "0s"));
		if (phase == Phase.LEAVING) {
			builder.args("--sample.stop-delay=3s");
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
		// One that outlives its predecessor has to become ready
		this.service.configure((phase == Phase.AWAITING_READY && cause == Cause.HALT) ? "sample.start-delay=10s"
				: phase.configuration);
		try (RawHttp upload = connect(phase)) {
			if (phase == Phase.DRAINING) {
				begin(upload);
			}
			boolean armed = phase.isAfterTakeover() && !cause.isSignal();
			if (armed) {
				post(cause, "&at=" + phase.label());
			}
			Fault hold = (phase == Phase.HANDING_OVER)
					? this.service.arm(1, FaultPoint.HANDING_OVER.injectorName(), FaultAction.NONE) : null;
			long successor = phase.isRestart() ? this.service.trigger() : 0;
			if (phase == Phase.LAUNCHING) {
				this.service.process().signal(successor, "STOP");
			}
			if (!armed) {
				reach(phase);
				happen(cause, predecessor);
			}
			if (hold != null) {
				hold.release();
			}
			if (phase == Phase.DRAINING && cause != Cause.HALT) {
				if (cause == Cause.SPRING_EXIT) {
					this.service.awaitOutput(LogLines.STOPPED);
				}
				finish(upload);
			}
			int code = this.service.process().awaitExitCode(FailingService.PATIENCE);
			assertThat(code).isEqualTo((phase == Phase.LEAVING && cause != Cause.HALT) ? code : cause.exitCode);
			boolean passedOn = phase == Phase.LEAVING && cause.isSignal();
			boolean successorLives = (phase == Phase.LEAVING && !passedOn)
					|| (phase.isRestart() && cause == Cause.HALT);
			if (phase == Phase.LAUNCHING && successorLives) {
				this.service.process().signal(successor, "CONT");
			}
			if (successorLives) {
				assertServesAlone(successor);
			}
			else {
				assertNothingIsLeft();
			}
			if (phase.isRestart() && !successorLives && !passedOn) {
				assertThat(this.service.outputSinceMark()).contains(LogLines.stoppingFirst(successor));
			}
		}
	}

	/**
	 * As long as its predecessor can serve, a successor is not the service. Each time the
	 * same predecessor finds that it can try again.
	 */
	@Test
	void successorToldToStop() throws Exception {
		endSuccessors("end-successor", EndIT::isSampleOfSuccessor);
	}

	@Test
	@Tag("exhaustive")
	void successorToldToStopInAllOtherCases() throws Exception {
		endSuccessors("end-successor-others", (phase, cause) -> !isSampleOfSuccessor(phase, cause));
	}

	/**
	 * One phase for each cause, and each phase for some cause.
	 */
	private static boolean isSampleOfSuccessor(Phase phase, Cause cause) {
		int next = OF_SUCCESSORS.indexOf(cause) + 1;
		return PHASES_OF_SUCCESSORS.get(next % PHASES_OF_SUCCESSORS.size()) == phase;
	}

	private void endSuccessors(String name, BiPredicate<Phase, Cause> chosen) throws Exception {
		this.service = FailingService.start(SampleService.named(name)
			.args("--graceful.restart.probation=5m", "--server.tomcat.keep-alive-timeout=10m"));
		long predecessor = this.service.service().pid();
		for (Cause cause : OF_SUCCESSORS) {
			for (Phase phase : PHASES_OF_SUCCESSORS) {
				if (!chosen.test(phase, cause) || (phase == Phase.AWAITING_READY && !cause.isSignal())) {
					continue;
				}
				this.service.configure((phase == Phase.AWAITING_READY) ? "sample.hang-start=true" : "");
				this.service.startLoad();
				try (RawHttp upload = connect(phase)) {
					if (phase == Phase.DRAINING) {
						begin(upload);
					}
					long successor = this.service.trigger();
					if (phase == Phase.AWAITING_READY) {
						this.service.awaitOutput("Started SampleApplication");
					}
					reach(phase);
					happen(cause, successor);
					String what = cause.isSignal() ? "was told to stop (exit code " + cause.exitCode + ")"
							: "exited with code " + cause.exitCode;
					String when = phase.isAfterTakeover() ? "after it had begun to serve" : "before it was ready";
					assertThat(this.service.awaitFailure(predecessor, successor,
							phase.isAfterTakeover() ? "rolled back" : "failed"))
						.isEqualTo("successor (pid " + successor + ") " + what + " " + when);
					if (phase.isAfterTakeover()) {
						assertThat(this.service.outputSinceMark()).contains(LogLines.stoppingAlone(predecessor));
					}
					if (phase == Phase.DRAINING) {
						finish(upload);
					}
					this.service.assertNothingLost();
				}
			}
		}
	}

	/**
	 * A request to shut down reaches one of the two processes, but is meant for the
	 * service. {@link StopOrderIT} tests it in an ordinary build.
	 */
	@ParameterizedTest
	@EnumSource(names = { "DRAINING", "PROBATION" })
	@Tag("exhaustive")
	void successorAskedToShutDown(Phase phase) throws Exception {
		this.service = FailingService
			.start(SampleService.named("end-successor-shut-down-" + phase).args("--graceful.restart.probation=5m"));
		try (RawHttp upload = connect(phase)) {
			if (phase == Phase.DRAINING) {
				begin(upload);
			}
			long successor = this.service.trigger();
			reach(phase);
			happen(Cause.SPRING_EXIT, successor);
			this.service.awaitOutput(LogLines.stoppingToo(successor));
			if (phase == Phase.DRAINING) {
				finish(upload);
			}
			assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
			assertNothingIsLeft();
		}
	}

	/**
	 * A supervisor signals every process of the service, and so does a terminal, in
	 * {@code TerminalIT} and in an ordinary build.
	 */
	@ParameterizedTest
	@EnumSource(names = { "AWAITING_READY", "DRAINING", "PROBATION" })
	@Tag("exhaustive")
	void bothToldToStop(Phase phase) throws Exception {
		this.service = FailingService
			.start(SampleService.named("end-both-" + phase).args("--graceful.restart.probation=5m"));
		this.service.configure(phase.configuration);
		long predecessor = this.service.service().pid();
		try (RawHttp upload = connect(phase)) {
			if (phase == Phase.DRAINING) {
				begin(upload);
			}
			long successor = this.service.trigger();
			reach(phase);
			Commands.run("kill", "-TERM", String.valueOf(successor), String.valueOf(predecessor));
			if (phase == Phase.DRAINING) {
				finish(upload);
			}
			assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE))
				.isEqualTo(Cause.TERM_TWICE.exitCode);
			assertNothingIsLeft();
		}
	}

	/**
	 * Not if nothing is sent: an idle connection is given a second to hear of the end.
	 */
	private RawHttp connect(Phase phase) throws RequestFailedException {
		return (phase == Phase.DRAINING) ? this.service.service().connect() : null;
	}

	private static void begin(RawHttp upload) throws RequestFailedException {
		upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
				+ "Content-Type: application/octet-stream\r\n\r\n01234");
	}

	/** What was accepted is finished all the same. */
	private static void finish(RawHttp upload) throws RequestFailedException {
		upload.write("56789");
		HttpAnswer answer = upload.read();
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).startsWith("bytes=10 ");
	}

	private void reach(Phase phase) {
		switch (phase) {
			case LAUNCHING, AWAITING_READY, HANDING_OVER -> this.service.awaitState(phase.label());
			case DRAINING -> this.service.awaitOutput(LogLines.takenOver(2));
			case PROBATION -> this.service.awaitOutput("is on probation for another");
			case LEAVING -> this.service.awaitOutput(LogLines.HANDED_OVER);
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

		STARTING(""), SERVING(""), LAUNCHING(""), AWAITING_READY("sample.hang-start=true"), HANDING_OVER(""),
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

		TERM(143), TERM_TWICE(143), INT(130), EXIT(5), SPRING_EXIT(0), HALT(7);

		private final int exitCode;

		Cause(int exitCode) {
			this.exitCode = exitCode;
		}

		boolean isSignal() {
			return this == TERM || this == TERM_TWICE || this == INT;
		}

		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
