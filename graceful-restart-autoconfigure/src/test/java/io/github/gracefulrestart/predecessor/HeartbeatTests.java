package io.github.gracefulrestart.predecessor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.ControlServer;
import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Hello;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.state.Ticker;
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

	private static final Duration STEP = Duration.ofMillis(10);

	@TempDir
	private Path directory;

	private final AtomicLong time = new AtomicLong();

	private final Ticker clock = new Ticker(this.time::get);

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
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT, this.clock);
		for (int i = 0; i < 6; i++) {
			stepUntilAsked(heartbeat);
			heartbeat.answered();
			assertThat(heartbeat.step()).isFalse();
		}
	}

	@Test
	void whenSuccessorDoesNotAnswerThenIsSilentAfterTheLimit() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT, this.clock);
		stepUntilAsked(heartbeat);
		for (Duration silence = Duration.ZERO; silence.compareTo(LIMIT) < 0; silence = silence.plus(STEP)) {
			pass(STEP);
			assertThat(heartbeat.step()).isFalse();
		}
		pass(STEP);
		assertThat(heartbeat.step()).isTrue();
	}

	@Test
	void whenThisProcessDidNotLookThenTheSuccessorIsNotBlamed() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT, this.clock);
		stepUntilAsked(heartbeat);
		pass(LIMIT.multipliedBy(100));
		assertThat(heartbeat.step()).isFalse();
		heartbeat.answered();
		assertThat(heartbeat.step()).isFalse();
	}

	@Test
	void whenAskedAfterTheMomentThenTheAnswerConfirmsIt() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT, this.clock);
		pass(STEP);
		long since = this.clock.now();
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		assertThat(this.successor.receive().message()).isInstanceOf(Ping.class);
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		heartbeat.answered();
		assertThat(heartbeat.isConfirmed(since)).isTrue();
	}

	@Test
	void whenAskedBeforeTheMomentThenTheAnswerConfirmsNothing() throws Exception {
		Heartbeat heartbeat = new Heartbeat(this.predecessor, LIMIT, this.clock);
		stepUntilAsked(heartbeat);
		pass(STEP);
		long since = this.clock.now();
		heartbeat.answered();
		assertThat(heartbeat.isConfirmed(since)).isFalse();
		assertThat(this.successor.receive().message()).isInstanceOf(Ping.class);
	}

	/**
	 * Until a quarter of the limit has passed.
	 */
	private void stepUntilAsked(Heartbeat heartbeat) throws Exception {
		assertThat(heartbeat.step()).isFalse();
		pass(LIMIT.dividedBy(4));
		assertThat(heartbeat.step()).isFalse();
		assertThat(this.successor.receive().message()).isInstanceOf(Ping.class);
	}

	private void pass(Duration duration) {
		this.time.addAndGet(duration.toNanos());
	}

}
