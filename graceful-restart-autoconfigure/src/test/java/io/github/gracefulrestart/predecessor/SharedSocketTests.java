package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.ScriptedSuccessor;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Report;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.UnixListener;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.process.PretendedSuccessor;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.state.Threads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a restart does, and in which order, to a listening socket that predecessor and
 * successor share: a real one, which a successor gets that is only played.
 */
@Timeout(60)
class SharedSocketTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String STATE = "rwx------ 7";

	private static final int TERMINATED = 143;

	@TempDir
	private Path directory;

	private final ListenerHosts hosts = new ListenerHosts();

	private final RestartState state = new RestartState(RestartPhase.PREFLIGHT, 1, null, (event) -> {
	});

	private final List<Boolean> left = new ArrayList<>();

	private UnixListener socket;

	private Listener listener;

	private PredecessorRun run;

	@BeforeEach
	void listen() throws IOException {
		this.socket = new UnixListener(this.directory.resolve("app.sock"), 7);
		this.listener = this.socket.listener();
		this.hosts.add(new IdleHost(this.listener));
	}

	@AfterEach
	void close() throws IOException {
		this.listener.close();
	}

	@Test
	void whenTheSuccessorServesThenTheSocketIsItsOwnAndThePredecessorLeaves() throws Exception {
		RestartReport report = run(Duration.ZERO, (successor) -> {
			serve(successor);
			successor.expect(Report.class);
			successor.exit(0);
		});
		assertThat(report).as("an outcome of the end").isNull();
		assertThat(this.left).containsExactly(true);
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		assertThat(this.listener.isOpen()).isFalse();
		assertThat(this.directory.resolve("app.sock")).exists();
	}

	@Test
	void whenItIsKilledWhileTheSuccessorServesThenTheFileStays() throws Exception {
		run(PATIENCE, (successor) -> {
			serve(successor);
			// As the web server does it when a shutdown hook closes the context
			this.listener.close();
			assertThat(this.directory.resolve("app.sock")).exists();
			successor.say(new TakeBack("enough"));
		});
	}

	@Test
	void whenItTakesBackThenTheSocketIsAsItWasAndItsOwn() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			serve(successor);
			Descriptors.setBacklog(successor.listener().number(), 1);
			successor.say(new TakeBack("enough"));
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
		assertServesOn();
	}

	@Test
	void whenTheSuccessorEndsBeforeItServesThenTheSocketIsAsItWas() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			successor.inherit();
			assertThat(this.socket.state()).isEqualTo(STATE);
			successor.exit(1);
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.FAILED);
		assertServesOn();
	}

	private void assertServesOn() throws IOException {
		assertThat(this.left).isEmpty();
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(this.listener.gate().isOpen()).isTrue();
		assertThat(this.socket.state()).isEqualTo(STATE);
		this.listener.close();
		assertThat(this.socket.state()).isEqualTo("gone");
	}

	@Test
	void whenToldToStopWhileTheSuccessorServesThenTheFileGoes() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			serve(successor);
			this.run.stop();
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		assertThat(this.left).as("its context closes elsewhere").isEmpty();
		assertThat(this.listener.isOpen()).isFalse();
		assertThat(this.socket.state()).isEqualTo("gone");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, TERMINATED })
	void whenTheApplicationIsShutDownByItsSuccessorThenThePredecessorFollows(int status) throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			serve(successor);
			stop(successor, true);
			successor.exit(status);
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
		assertThat(report.reason()).endsWith(" was asked to shut down while it was serving (exit code " + status + ")");
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		assertThat(this.left).containsExactly(false);
		this.listener.close();
		assertThat(this.socket.state()).isEqualTo("gone");
	}

	/**
	 * Its end is known at once, and what it has said is read by another thread.
	 */
	@Test
	void whenTheOrderToStopIsReadAfterTheEndThenThePredecessorFollows() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			serve(successor);
			successor.exit(TERMINATED);
			await().atMost(PATIENCE).until(() -> this.listener.gate().isOpen());
			successor.say(new Stopping(true));
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
		assertThat(this.left).containsExactly(false);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void whenTheSuccessorEndsByItselfThenThePredecessorServesOn(int status) throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			serve(successor);
			stop(successor, false);
			successor.exit(status);
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
		assertServesOn();
	}

	private RestartReport run(Duration probation, ScriptedSuccessor.Script script) throws Exception {
		RestartSettings settings = new Limits().probation(probation).settings(this.directory);
		CompletableFuture<Void> told = new CompletableFuture<>();
		RunParts parts = new RunParts(this.state, this.hosts, (flag, listeners, scratch) -> {
			PretendedSuccessor process = new PretendedSuccessor();
			Threads.startDaemon("successor", () -> play(script, new ScriptedSuccessor(flag, process), process, told));
			return process.asLaunched();
		}, ApplicationJars.ofThisJvm(), settings, Preflights.none());
		this.run = new PredecessorRun(parts, "test", new PendingAttempt(),
				(pid, drained, farewell) -> this.left.add(drained));
		this.run.run();
		told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		return this.state.lastReport();
	}

	private static void play(ScriptedSuccessor.Script script, ScriptedSuccessor successor, PretendedSuccessor process,
			CompletableFuture<Void> told) {
		try {
			script.play(successor);
			// Until it is ended
			process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			successor.hangUp();
			told.complete(null);
		}
		catch (Exception | AssertionError ex) {
			told.completeExceptionally(ex);
			process.exit(1);
		}
	}

	/**
	 * Be ready, and serve. The predecessor accepts until the successor does, and not when
	 * it says that it has stopped.
	 */
	private void serve(ScriptedSuccessor successor) throws IOException {
		successor.proceed();
		assertThat(this.listener.gate().isOpen()).as("told to proceed").isTrue();
		successor.say(new Serving(List.of(this.listener.key()), 100));
		successor.expect(Relieved.class);
		assertThat(this.listener.gate().isOpen()).as("relieved").isFalse();
	}

	/**
	 * Say that the successor ends, and wait until the predecessor accepts, which it does
	 * first.
	 */
	private void stop(ScriptedSuccessor successor, boolean wanted) throws IOException {
		successor.say(new Stopping(wanted));
		await().atMost(PATIENCE).until(() -> this.listener.gate().isOpen());
	}

}
