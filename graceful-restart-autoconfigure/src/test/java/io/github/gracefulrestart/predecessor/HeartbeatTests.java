package io.github.gracefulrestart.predecessor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ping;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Heartbeat} over a real control connection.
 */
class HeartbeatTests {

	private static final Duration LIMIT = Duration.ofMillis(600);

	@TempDir
	private Path directory;

	private ControlServer server;

	private ControlConnection successor;

	private ControlConnection predecessor;

	@BeforeEach
	void connect() throws Exception {
		this.server = ControlServer.open(this.directory);
		CompletableFuture<ControlConnection> accepted = CompletableFuture.supplyAsync(() -> {
			try {
				return this.server.awaitSuccessor((pid) -> pid == ProcessHandle.current().pid(), (intruder) -> {
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		this.successor = ControlConnection.connect(this.server.socket(), Dialect.OWN);
		this.successor.send(new Hello(this.server.token(), List.of()));
		this.predecessor = accepted.get();
	}

	@AfterEach
	void close() throws Exception {
		this.successor.close();
		this.predecessor.close();
		this.server.close();
	}

	@Test
	void whenSuccessorAnswersThenItIsAskedAgainAndNeverSilent() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT);
		for (int i = 0; i < 6; i++) {
			stepUntilAsked(heartbeat);
			heartbeat.answered();
			assertThat(heartbeat.step()).isFalse();
		}
	}

	@Test
	void whenSuccessorDoesNotAnswerThenIsSilentAfterTheLimit() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT);
		stepUntilAsked(heartbeat);
		long asked = System.nanoTime();
		while (!heartbeat.step()) {
			pause(Duration.ofMillis(10));
		}
		assertThat(System.nanoTime() - asked).isGreaterThan(LIMIT.toNanos() - Duration.ofMillis(50).toNanos());
	}

	@Test
	void whenThisProcessDidNotLookThenTheSuccessorIsNotBlamed() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT);
		stepUntilAsked(heartbeat);
		pause(LIMIT.multipliedBy(2));
		assertThat(heartbeat.step()).isFalse();
		heartbeat.answered();
		assertThat(heartbeat.step()).isFalse();
	}

	@Test
	void whenAskedAfterTheMomentThenTheAnswerConfirmsIt() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT);
		long since = System.nanoTime();
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		assertThat(this.successor.receive().message()).isInstanceOf(Ping.class);
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		heartbeat.answered();
		assertThat(heartbeat.isConfirmed(since)).isTrue();
	}

	@Test
	void whenAskedBeforeTheMomentThenTheAnswerConfirmsNothing() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT);
		stepUntilAsked(heartbeat);
		long since = System.nanoTime();
		heartbeat.answered();
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		assertThat(this.successor.receive().message()).isInstanceOf(Ping.class);
	}

	private void stepUntilAsked(Heartbeat heartbeat) throws Exception {
		CompletableFuture<Object> received = CompletableFuture.supplyAsync(() -> {
			try {
				return this.successor.receive().message();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		while (!received.isDone()) {
			assertThat(heartbeat.step()).isFalse();
			pause(Duration.ofMillis(5));
		}
		assertThat(received.get()).isInstanceOf(Ping.class);
	}

	private static void pause(Duration duration) {
		long deadline = System.nanoTime() + duration.toNanos();
		while (deadline - System.nanoTime() > 0) {
			LockSupport.parkNanos(deadline - System.nanoTime());
		}
	}

}
