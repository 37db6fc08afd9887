package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An order to stop reaches the process that it is meant for, however long the
 * application's shutdown listeners take.
 */
@Lengthy
class StopOrderIT extends WithFailingService {

	/** Sleeps when the context is closed. */
	private static final String[] SLEEPY = { "sample.fault-at=closed", "sample.fault-how=sleep",
			"sample.fault-time=12s" };

	private static final Duration SLEEP_AND_END = Duration.ofSeconds(60);

	private void start(String name, String[] configuration, String... arguments) throws Exception {
		SampleService.Builder builder = SampleService.named(name).args(arguments);
		Files.writeString(builder.directory().resolve("application.properties"), String.join("\n", configuration));
		this.service = FailingService.start(builder);
	}

	/**
	 * The listener takes longer than what is left of the probation.
	 */
	@Test
	void whenThePredecessorIsToldToStopThenBothEnd() throws Exception {
		endPredecessor("8s");
	}

	@Test
	@Tag("exhaustive")
	void whenThePredecessorIsToldToStopAtOnceThenBothEnd() throws Exception {
		endPredecessor("0s");
	}

	private void endPredecessor(String probation) throws Exception {
		start("order-predecessor-" + probation, SLEEPY, "--graceful.restart.probation=" + probation);
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		if (!probation.equals("0s")) {
			this.service.awaitOutput(LogLines.takenOver(2));
		}
		this.service.process().signal(predecessor, "TERM");
		this.service.awaitOutput(LogLines.stoppingFirst(successor));
		assertAllEnd();
	}

	/**
	 * The process that the operator knows has decided to leave, and takes its time.
	 */
	@Test
	void whenThePredecessorIsToldToStopWhileItExitsThenTheSuccessorStops() throws Exception {
		start("order-exiting", new String[] { "sample.stop-delay=8s" }, "--graceful.restart.probation=0s");
		long predecessor = this.service.service().pid();
		// The successor ends before it
		this.service.configure("");
		this.service.trigger();
		this.service.awaitOutput(LogLines.HANDED_OVER);
		this.service.process().signal(predecessor, "TERM");
		assertAllEnd();
		// Or a supervisor would take the end for a failure, and start the service again
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isZero();
		assertThat(this.service.process().output()).doesNotContain("so no process serves any longer");
	}

	/**
	 * No restart begins in a process that is told to stop.
	 */
	@Test
	void whenAskedForARestartAfterTheOrderThenIsRefused() throws Exception {
		start("order-before", SLEEPY);
		long pid = this.service.service().pid();
		this.service.process().signal(pid, "TERM");
		this.service.awaitState("leaving");
		this.service.process().signal(pid, "USR2");
		this.service.awaitOutput("refused: this process is shutting down");
		assertAllEnd();
	}

	@Test
	@Tag("exhaustive")
	void whenASuccessorOnProbationIsAskedToShutDownThenBothEnd() throws Exception {
		start("order-shutdown", new String[0], "--graceful.restart.probation=5m",
				"--management.endpoint.shutdown.access=unrestricted",
				"--management.endpoints.web.exposure.include=health,reload,shutdown");
		this.service.configure(SLEEPY);
		long successor = this.service.trigger();
		this.service.awaitOutput("is on probation for another");
		assertThat(this.service.service().post("/actuator/shutdown").status()).isEqualTo(200);
		this.service.awaitOutput(LogLines.stoppingToo(successor));
		assertAllEnd();
		assertThat(this.service.outputSinceMark()).doesNotContain("rolled back");
	}

	/**
	 * It is not a second on that it answers, and what it has accepted is answered.
	 */
	@Test
	void whenASuccessorIsToEndThenItAcceptsNothingMore() throws Exception {
		endSuccessor("TERM");
	}

	@Test
	@Tag("exhaustive")
	void whenAPredecessorIsToTakeBackThenTheSuccessorAcceptsNothingMore() throws Exception {
		endSuccessor("DELETE");
	}

	private void endSuccessor(String how) throws Exception {
		start("order-successor-" + how, new String[0], "--graceful.restart.probation=5m",
				"--graceful.restart.drain-timeout=5s");
		this.service.configure("sample.fault-at=closed", "sample.fault-how=sleep", "sample.fault-time=30s");
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.awaitOutput("is on probation for another");
		this.service.startLoad();
		try (Answers answers = new Answers(); RawHttp slow = this.service.service().connect()) {
			slow.write("GET /slow?ms=1500 HTTP/1.1\r\nHost: localhost\r\n\r\n");
			answers.awaitSome();
			if (how.equals("DELETE")) {
				this.service.service().request("DELETE", this.service.service().port(), "/actuator/reload");
			}
			else {
				this.service.process().signal(successor, "TERM");
				this.service.awaitOutput(LogLines.stoppingAlone(predecessor));
			}
			long order = System.nanoTime();
			assertThat(slow.read().text()).contains("pid=" + successor);
			this.service.awaitFailure(predecessor, successor, "rolled back");
			answers.awaitSome();
			assertThat(answers.ofPidBegunAfter(successor, order + Duration.ofSeconds(1).toNanos())).isZero();
			assertThat(answers.ofPidBegunAfter(predecessor, order)).isPositive();
			assertThat(answers.failures).isEmpty();
		}
		this.service.assertNothingLost();
		kill(predecessor);
	}

	/**
	 * The negative control of the test above: the same clients notice lost requests.
	 */
	private void kill(long pid) {
		this.service.startLoad();
		try (Answers answers = new Answers()) {
			answers.awaitSome();
			this.service.process().signal(pid, "KILL");
			await("a failure").atMost(FailingService.PATIENCE).until(() -> !answers.failures.isEmpty());
		}
		assertThat(this.service.stopLoad()).allSatisfy((report) -> assertThat(report.failures()).isPositive());
	}

	/**
	 * What was cut is not waited for once more.
	 */
	@Test
	void whenTheDrainTimeoutHasPassedThenThePredecessorIsSoonGone() throws Exception {
		start("order-drain", new String[0], "--graceful.restart.drain-timeout=2s");
		try (RawHttp slow = this.service.service().connect()) {
			slow.write("GET /slow?ms=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
			long predecessor = this.service.service().pid();
			this.service.trigger();
			this.service.awaitOutput(LogLines.HANDED_OVER);
			await("the end").atMost(Duration.ofSeconds(20))
				.until(() -> ProcessHandle.of(predecessor).filter(ProcessHandle::isAlive).isEmpty());
			assertThat(this.service.outputSinceMark()).contains("1 cut");
			this.service.awaitState("serving");
		}
	}

	private void assertAllEnd() {
		await("the end").atMost(SLEEP_AND_END).until(() -> this.service.process().running().isEmpty());
		assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> this.service.service().connect());
		this.service.assertNoFilesLeft();
	}

	/**
	 * Asks again and again on new connections, and notes which process answers.
	 */
	private final class Answers implements AutoCloseable {

		private final List<Answer> all = new CopyOnWriteArrayList<>();

		private final List<RequestFailedException> failures = new CopyOnWriteArrayList<>();

		private final AtomicBoolean closed = new AtomicBoolean();

		private final Thread thread = new Thread(this::ask, "answers");

		Answers() {
			this.thread.start();
		}

		private void ask() {
			while (!this.closed.get()) {
				try {
					long begun = System.nanoTime();
					this.all.add(new Answer(begun, StopOrderIT.this.service.service().get("/hello").text()));
				}
				catch (RequestFailedException ex) {
					this.failures.add(ex);
				}
			}
		}

		void awaitSome() {
			int before = this.all.size();
			await("answers").atMost(FailingService.PATIENCE).until(() -> this.all.size() > before + 20);
		}

		long ofPidBegunAfter(long pid, long time) {
			return this.all.stream()
				.filter((answer) -> answer.begun() - time > 0 && answer.text().contains("pid=" + pid + " "))
				.count();
		}

		@Override
		public void close() {
			this.closed.set(true);
			await("the last answer").atMost(FailingService.PATIENCE).until(() -> !this.thread.isAlive());
		}

	}

	private record Answer(long begun, String text) {

	}

}
