package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What participants are told in real restarts, and one of them, the pid file: it names
 * the process that serves, whatever becomes of the restart.
 */
class ParticipantIT extends WithFailingService {

	private Path pidFile;

	private Path portFile;

	@Test
	void whateverBecomesOfARestartThenThePidFileNamesWhoServes() throws Exception {
		start("participants", "--graceful.restart.probation=5m");
		long first = this.service.service().pid();
		assertNamed(first);
		this.service.awaitOutput(told(first, "alone"));
		aDryRunLeavesTheFileAlone(first);
		assertPortFile();
		aParticipantRefuses(first);
		aSuccessorStaysCold(first);
		assertPortFile();
		theSuccessorIsKilled(first);
		assertPortFile();
		theSuccessorAsksForARollBack(first);
		assertPortFile();
		thePredecessorIsKilled(first);
	}

	private void aDryRunLeavesTheFileAlone(long first) throws Exception {
		try (Watch watch = new Watch()) {
			HttpAnswer answer = this.service.reload("?dry-run=true&boot=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			long successor = JsonPath.<Number>read(answer.text(), "$.boot.successorPid").longValue();
			this.service.awaitOutput(told(first, "resume"));
			assertThat(this.service.outputSinceMark()).contains(told(first, "before launch of 2, dry"),
					told(first, "launched " + successor), told(successor, "warm up, launched by " + first));
			assertThat(watch.seen()).containsExactly(String.valueOf(first));
		}
	}

	private void aParticipantRefuses(long first) throws Exception {
		Path locked = this.service.write(ParticipatingApplication.LOCKED, "");
		HttpAnswer answer = this.service.reload("?wait=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(422);
		assertThat(JsonPath.<String>read(answer.text(), "$.message"))
			.contains("participant 'recorder' failed in beforeLaunch: the fleet is locked");
		this.service.awaitOutput(told(first, "resume"));
		assertThat(this.service.outputSinceMark()).doesNotContain(LogLines.LAUNCHED);
		assertNamed(first);
		Files.delete(locked);
	}

	private void aSuccessorStaysCold(long first) throws Exception {
		Path cold = this.service.write(ParticipatingApplication.COLD, "");
		long successor = this.service.trigger();
		assertThat(this.service.awaitFailure(first, successor, "failed"))
			.endsWith("failed to start: participant 'recorder' failed in warmUp: still cold");
		this.service.awaitOutput(told(first, "resume"));
		assertThat(this.service.outputSinceMark()).doesNotContain("taken over\n", "resign\n");
		assertNamed(first);
		Files.delete(cold);
	}

	private void theSuccessorIsKilled(long first) throws Exception {
		long successor = handOver();
		this.service.process().signal(successor, "KILL");
		this.service.awaitFailure(first, successor, "rolled back");
		this.service.awaitOutput(told(first, "resume"));
		assertNamed(first);
	}

	/**
	 * It closes its application context and exits while the predecessor serves: an exit
	 * at which the file is not its own any more.
	 */
	private void theSuccessorAsksForARollBack(long first) throws Exception {
		long successor = handOver();
		try (Watch watch = new Watch()) {
			HttpAnswer answer = this.service.service()
				.request("DELETE", this.service.service().port(), "/actuator/reload");
			assertThat(answer.status()).as(answer.text()).isEqualTo(202);
			this.service.awaitFailure(first, successor, "rolled back");
			assertNamed(first);
			assertThat(watch.seen()).containsExactly(String.valueOf(successor), String.valueOf(first));
		}
	}

	private void thePredecessorIsKilled(long first) throws Exception {
		long successor = handOver();
		this.service.process().signal(first, "KILL");
		this.service.awaitOutput(LogLines.predecessorGone(first));
		this.service.awaitOutput(told(successor, "alone"));
		assertNamed(successor);
	}

	private long handOver() throws Exception {
		long successor = this.service.trigger();
		this.service.awaitOutput(told(successor, "taken over"));
		assertNamed(successor);
		this.service.awaitOutput("is on probation for another");
		return successor;
	}

	@Test
	void whenThePredecessorLeavesThenThePidFileStaysAndEndsWithTheService() throws Exception {
		start("participants-leave", "--graceful.restart.probation=0s", "--graceful.restart.participant-timeout=3s");
		long first = this.service.service().pid();
		this.service.write(ParticipatingApplication.HANGING, "");
		List<String> named = new ArrayList<>(List.of(String.valueOf(first)));
		try (Watch watch = new Watch()) {
			long predecessor = first;
			for (int generation = 2; generation <= 3; generation++) {
				this.service.restart();
				long successor = this.service.service().pid();
				this.service.awaitOutput(told(successor, "alone"));
				assertThat(this.service.outputSinceMark()).containsSubsequence(
						told(predecessor, "before launch of " + generation),
						told(successor, "warm up, launched by " + predecessor),
						told(predecessor, "leaving to " + successor), told(successor, "alone"));
				assertThat(this.service.outputSinceMark()).contains(told(predecessor, "resign"),
						"Participant 'recorder' has not completed takenOver within 3000 ms");
				// It was gone with the predecessor
				assertPortFile();
				named.add(String.valueOf(successor));
				predecessor = successor;
			}
			assertThat(watch.seen()).isEqualTo(named);
		}
		long last = this.service.service().pid();
		this.service.process().signal(last, "TERM");
		this.service.process().awaitExit(last, FailingService.PATIENCE);
		assertThat(this.pidFile).doesNotExist();
		assertThat(this.portFile).doesNotExist();
	}

	private void start(String name, String... arguments) {
		SampleService.Builder builder = SampleService.named(name).main(ParticipatingApplication.class);
		this.pidFile = builder.directory().resolve("run").resolve("app.pid");
		this.portFile = builder.directory().resolve(ParticipatingApplication.PORT_FILE);
		this.service = FailingService.start(builder.args("--spring.pid.file=" + this.pidFile).args(arguments));
	}

	private static String told(long pid, String moment) {
		return ParticipatingApplication.told(pid, moment);
	}

	private void assertNamed(long pid) {
		await("the pid file").atMost(FailingService.PATIENCE)
			.untilAsserted(() -> assertThat(this.pidFile).hasContent(String.valueOf(pid)));
	}

	private void assertPortFile() {
		await("the port file").atMost(FailingService.PATIENCE)
			.untilAsserted(() -> assertThat(this.portFile).hasContent(String.valueOf(this.service.service().port())));
	}

	/**
	 * Notes every content that the file has.
	 */
	private final class Watch implements AutoCloseable {

		private static final String MISSING = "missing";

		/** A reader that looks whenever it likes. */
		private static final long INTERVAL = Duration.ofMillis(1).toNanos();

		private final AtomicBoolean done = new AtomicBoolean();

		private final CompletableFuture<List<String>> seen = CompletableFuture.supplyAsync(this::watch);

		private List<String> watch() {
			List<String> contents = new ArrayList<>();
			while (!this.done.get()) {
				String content = read();
				if (contents.isEmpty() || !contents.get(contents.size() - 1).equals(content)) {
					contents.add(content);
				}
				LockSupport.parkNanos(INTERVAL);
			}
			return contents;
		}

		private String read() {
			try {
				return Files.readString(ParticipantIT.this.pidFile);
			}
			catch (NoSuchFileException ex) {
				return MISSING;
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}

		List<String> seen() {
			this.done.set(true);
			return this.seen.join();
		}

		@Override
		public void close() {
			this.done.set(true);
		}

	}

}
