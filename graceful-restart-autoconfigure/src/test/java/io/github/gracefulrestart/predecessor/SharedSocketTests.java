package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.nio.ByteBuffer;
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
import io.github.gracefulrestart.handover.Message;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.handover.Message.Pong;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.handover.MutatedFrames;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.UnixListener;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.process.PretendedSuccessor;
import io.github.gracefulrestart.process.SuccessorFlag;
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
			successor.serve();
			successor.pongUntilReport();
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
			successor.serve();
			// As the web server does it when a shutdown hook closes the context
			this.listener.close();
			assertThat(this.directory.resolve("app.sock")).exists();
			successor.send(new TakeBack("enough"));
		});
	}

	@Test
	void whenItTakesBackThenTheSocketIsAsItWasAndItsOwn() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			successor.serve();
			Descriptors.setBacklog(successor.listener.number(), 1);
			successor.send(new TakeBack("enough"));
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
		assertServesOn();
	}

	@Test
	void whenTheSuccessorEndsBeforeItServesThenTheSocketIsAsItWas() throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			successor.start();
			assertThat(this.socket.state()).isEqualTo(STATE);
			successor.process.exit(1);
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
			successor.serve();
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
			successor.serve();
			successor.stop(true);
			successor.process.exit(status);
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
			successor.serve();
			successor.process.exit(TERMINATED);
			await().atMost(PATIENCE).until(() -> this.listener.gate().isOpen());
			successor.send(new Stopping(true));
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.STOPPED);
		assertThat(this.left).containsExactly(false);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void whenTheSuccessorEndsByItselfThenThePredecessorServesOn(int status) throws Exception {
		RestartReport report = run(PATIENCE, (successor) -> {
			successor.serve();
			successor.stop(false);
			successor.process.exit(status);
		});
		assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
		assertServesOn();
	}

	private RestartReport run(Duration probation, Conversation conversation) throws Exception {
		RestartSettings settings = new Limits().probation(probation).settings(this.directory);
		CompletableFuture<Void> told = new CompletableFuture<>();
		RunParts parts = new RunParts(this.state, this.hosts, (flag, listeners, scratch) -> {
			PlayedSuccessor successor = new PlayedSuccessor(flag);
			Threads.startDaemon("successor", () -> successor.play(conversation, told));
			return successor.process.asLaunched();
		}, ApplicationJars.ofThisJvm(), settings, Preflights.none());
		this.run = new PredecessorRun(parts, "test", new PendingAttempt(),
				(pid, drained, farewell) -> this.left.add(drained));
		this.run.run();
		told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		return this.state.lastReport();
	}

	/**
	 * What a successor says and does.
	 */
	@FunctionalInterface
	private interface Conversation {

		void with(PlayedSuccessor successor) throws Exception;

	}

	/**
	 * Says what a successor says, on a real connection.
	 */
	private final class PlayedSuccessor {

		private final PretendedSuccessor process = new PretendedSuccessor();

		private final SuccessorFlag flag;

		private DescriptorChannel channel;

		private Descriptor listener;

		PlayedSuccessor(SuccessorFlag flag) {
			this.flag = flag;
		}

		void play(Conversation conversation, CompletableFuture<Void> told) {
			try (DescriptorChannel connected = DescriptorChannel.connect(this.flag.socket())) {
				this.channel = connected;
				connected.setTimeout(PATIENCE);
				conversation.with(this);
				// Until it is ended
				this.process.onExit().thenRun(() -> told.complete(null)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			}
			catch (Exception | AssertionError ex) {
				told.completeExceptionally(ex);
				this.process.exit(1);
			}
			finally {
				if (this.listener != null) {
					this.listener.close();
				}
			}
		}

		/**
		 * Connect and take the socket.
		 */
		void start() throws IOException {
			send(MutatedFrames.hello(this.flag.token()));
			this.listener = receive().get(0);
		}

		/**
		 * Be ready, and serve. The predecessor accepts until this process does, and not
		 * when it says that it has stopped.
		 */
		void serve() throws IOException {
			Listener predecessors = SharedSocketTests.this.listener;
			start();
			send(new Ready());
			receive();
			assertThat(predecessors.gate().isOpen()).as("told to proceed").isTrue();
			send(new Serving(List.of(predecessors.key()), 100));
			receive();
			assertThat(predecessors.gate().isOpen()).as("relieved").isFalse();
		}

		/**
		 * Say that it ends, and wait until the predecessor accepts, which it does first.
		 */
		void stop(boolean wanted) throws IOException {
			send(new Stopping(wanted));
			await().atMost(PATIENCE).until(() -> SharedSocketTests.this.listener.gate().isOpen());
		}

		void pongUntilReport() throws IOException {
			byte ping = MutatedFrames.bytes(new Ping())[MutatedFrames.TYPE_OFFSET];
			while (receiveType() == ping) {
				send(new Pong());
			}
			this.process.exit(0);
		}

		void send(Message message) throws IOException {
			send(MutatedFrames.bytes(message));
		}

		private void send(byte[] bytes) throws IOException {
			this.channel.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), List.of());
		}

		private List<Descriptor> receive() throws IOException {
			List<Descriptor> received = new ArrayList<>();
			receive(received);
			return received;
		}

		private byte receiveType() throws IOException {
			return receive(new ArrayList<>());
		}

		private byte receive(List<Descriptor> received) throws IOException {
			ByteBuffer header = ByteBuffer.allocateDirect(MutatedFrames.HEADER_LENGTH);
			this.channel.receive(header, received);
			int length = header.getInt(MutatedFrames.LENGTH_OFFSET);
			if (length > 0) {
				this.channel.receive(ByteBuffer.allocateDirect(length), received);
			}
			return header.get(MutatedFrames.TYPE_OFFSET);
		}

	}

}
