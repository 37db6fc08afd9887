package io.github.gracefulrestart.predecessor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.handover.Message.Ready;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.MutatedFrames;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.preflight.Preflights;
import io.github.gracefulrestart.process.PretendedSuccessor;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A successor that sends anything at all during a restart: before it is accepted, when it
 * starts, when it is about to serve, and when it serves. Whatever it does, the
 * predecessor continues to serve and logs the reason.
 */
class PredecessorFuzzTests {

	private static final int ROUNDS = 500;

	private static final int MANY_ROUNDS = 10_000;

	private static final int PATIENCE_SECONDS = 30;

	private static final int FAILED = 1;

	private static final String REASONS = "(?s)(successor \\(pid \\d+\\) (violated the control protocol: .*"
			+ "|closed its end of the control socket|broke the control connection: .*"
			+ "|sent [A-Z_]+ at the wrong time|requested a rollback: .*|failed to start: .*"
			+ "|exited with code 1 before it was ready"
			+ "|closed its application context while it was serving, but did not exit within 2 ms)"
			+ "|the control connection to the successor \\(pid \\d+\\) broke: .*)";

	private static final String SHUT_DOWN = "successor \\(pid \\d+\\) was asked to shut down while it was serving, "
			+ "but did not exit within 2 ms";

	private static final String LOGGER = "io.github.gracefulrestart";

	private static final ListenerKey KEY = new ListenerKey("server", "127.0.0.1:0");

	/** Kept silent, because there is one for each round. */
	private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

	private final ExecutorService successors = Executors.newSingleThreadExecutor();

	private final Map<RestartPhase, Integer> ends = new EnumMap<>(RestartPhase.class);

	@TempDir
	private Path directory;

	private RestartSettings settings;

	private final ListenerHosts hosts = new ListenerHosts();

	private Listener listener;

	private Random random;

	private MutatedFrames frames;

	@BeforeEach
	void listen() throws IOException {
		this.logging.setLogLevel(LOGGER, LogLevel.OFF);
		this.listener = new Listeners(null, true).open(KEY, 1, TestTransport.loopback());
		this.hosts.add(new IdleHost(this.listener) {

			@Override
			public void closeListener(boolean inherited) {
				throw new IllegalStateException("the listener must stay");
			}

		});
		// A process that only pretends to end is not waited for
		this.settings = new Limits().drain(Duration.ofMillis(1))
			.probation(Duration.ofMinutes(1))
			.termination(Duration.ofMillis(1))
			.settings(this.directory);
	}

	@AfterEach
	void stop() throws IOException {
		this.logging.setLogLevel(LOGGER, LogLevel.INFO);
		this.successors.shutdownNow();
		this.listener.close();
	}

	@Test
	void whenFramesAreMutatedThenThePredecessorServesOnAndSaysWhy() throws Exception {
		run(ROUNDS);
	}

	@Test
	@Tag("exhaustive")
	@Timeout(600)
	void whenManyFramesAreMutatedThenThePredecessorServesOnAndSaysWhy() throws Exception {
		run(MANY_ROUNDS);
	}

	private void run(int rounds) throws Exception {
		long seed = System.nanoTime();
		this.random = new Random(seed);
		this.frames = new MutatedFrames(this.random);
		int number = Descriptors.ofListening(this.listener.localAddress());
		tryOne(number);
		long before = ProcFs.sockets(ProcessHandle.current().pid());
		for (int round = 0; round < rounds; round++) {
			try {
				tryOne(number);
			}
			catch (Exception | AssertionError ex) {
				throw new AssertionError("seed " + seed + ", round " + round, ex);
			}
		}
		assertThat(ProcFs.sockets(ProcessHandle.current().pid())).as("seed %d", seed).isLessThanOrEqualTo(before);
		assertThat(this.directory).isEmptyDirectory();
		// Each phase ended many times
		assertThat(this.ends).containsOnlyKeys(RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY,
				RestartPhase.HANDING_OVER, RestartPhase.PROBATION);
		assertThat(this.ends.values()).as("seed %d", seed).allMatch((count) -> count > rounds / 10);
	}

	/**
	 * Be a successor to one restart.
	 */
	private void tryOne(int number) throws Exception {
		RestartState state = new RestartState(RestartPhase.PREFLIGHT, 1, null, (event) -> {
		});
		Peer peer = new Peer(this.random.nextInt(4), number);
		Preflight preflight = Preflights.none();
		List<String> left = new ArrayList<>();
		RunParts parts = new RunParts(state, this.hosts, (flag, listeners, scratch) -> {
			peer.launch(flag);
			return peer.process.asLaunched();
		}, ApplicationJars.ofThisJvm(), this.settings, preflight);
		PredecessorRun run = new PredecessorRun(parts, "fuzz", new PendingAttempt(),
				(pid, drained, farewell) -> left.add("left"));
		run.run();
		peer.conversation.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		assertThat(this.listener.gate().isOpen()).isTrue();
		RestartReport report = state.lastReport();
		assertThat(report).isNotNull();
		if (report.outcome() == RestartOutcome.STOPPED) {
			// It happened to say that the service is to be shut down
			assertThat(left).containsExactly("left");
			assertThat(state.phase()).isEqualTo(RestartPhase.LEAVING);
			assertThat(report.reason()).matches(SHUT_DOWN);
			return;
		}
		assertThat(left).isEmpty();
		assertThat(state.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(report.reason()).matches(REASONS);
		boolean served = report.phases().stream().anyMatch((phase) -> phase.name().equals("draining"));
		assertThat(report.outcome()).isEqualTo(served ? RestartOutcome.ROLLED_BACK : RestartOutcome.FAILED);
		String last = report.phases().get(report.phases().size() - 1).name();
		for (RestartPhase phase : RestartPhase.values()) {
			if (phase.label().equals(last)) {
				// It takes a look or two until a drain of nothing is done
				this.ends.merge((phase == RestartPhase.DRAINING) ? RestartPhase.PROBATION : phase, 1, Integer::sum);
			}
		}
	}

	/**
	 * The successor: says what it should for a while, then what it should not.
	 */
	private final class Peer {

		private final PretendedSuccessor process = new PretendedSuccessor();

		private final int good;

		private final int descriptor;

		private final byte[] bad;

		private final int[] passed;

		private Future<?> conversation;

		/**
		 * Decide everything beforehand, so that a seed tells it all.
		 */
		Peer(int good, int descriptor) {
			this.good = good;
			this.descriptor = descriptor;
			Random random = PredecessorFuzzTests.this.random;
			MutatedFrames frames = PredecessorFuzzTests.this.frames;
			byte[] first = (good == 0) ? new byte[0] : beginning(random, frames);
			this.bad = (good > 0 && random.nextInt(4) == 0) ? first : frames.sequence(first);
			this.passed = new int[] { Math.max(0, random.nextInt(8) - 4), Math.max(0, random.nextInt(8) - 4),
					random.nextInt(this.bad.length + 1) };
		}

		private byte[] beginning(Random random, MutatedFrames frames) {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			for (int i = random.nextInt(3); i > 0; i--) {
				bytes.writeBytes(frames.original());
			}
			return bytes.toByteArray();
		}

		void launch(SuccessorFlag flag) {
			this.conversation = PredecessorFuzzTests.this.successors.submit(() -> {
				converse(flag);
				return null;
			});
		}

		private void converse(SuccessorFlag flag) throws IOException {
			try (DescriptorChannel channel = DescriptorChannel.connect(flag.socket())) {
				channel.setTimeout(Duration.ofSeconds(PATIENCE_SECONDS));
				if (this.good > 0) {
					send(channel, MutatedFrames.hello(flag.token()), 0);
					receive(channel);
				}
				if (this.good > 1) {
					send(channel, MutatedFrames.bytes(new Ready()), 0);
					receive(channel);
				}
				if (this.good > 2) {
					send(channel, MutatedFrames.bytes(new Serving(List.of(KEY), 100)), 0);
					receive(channel);
				}
				byte[] half = Arrays.copyOf(this.bad, Math.min(this.passed[2], this.bad.length));
				send(channel, half, this.passed[0]);
				send(channel, Arrays.copyOfRange(this.bad, half.length, this.bad.length), this.passed[1]);
			}
			catch (IOException ex) {
				// Refused before all of it was sent
				assertThat(ex).hasMessageContaining("EPIPE");
			}
			if (this.good == 0) {
				// No peer was accepted, so the predecessor waits for another one
				this.process.exit(FAILED);
			}
		}

		private void send(DescriptorChannel channel, byte[] bytes, int descriptors) throws IOException {
			if (bytes.length > 0) {
				List<Integer> passed = new ArrayList<>();
				for (int i = 0; i < descriptors; i++) {
					passed.add(this.descriptor);
				}
				channel.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), passed);
			}
		}

		/**
		 * Receive one message, whatever it is.
		 */
		private static void receive(DescriptorChannel channel) throws IOException {
			List<Descriptor> received = new ArrayList<>();
			try {
				ByteBuffer header = ByteBuffer.allocateDirect(MutatedFrames.HEADER_LENGTH);
				channel.receive(header, received);
				ByteBuffer fields = ByteBuffer.allocateDirect(header.getInt(MutatedFrames.LENGTH_OFFSET));
				channel.receive(fields, received);
			}
			finally {
				received.forEach(Descriptor::close);
			}
		}

	}

}
