package io.github.gracefulrestart.successor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.handover.Message.Proceed;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.handover.MutatedFrames;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.EventQueue;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;
import io.github.gracefulrestart.successor.PredecessorEvent.ApplicationReady;
import io.github.gracefulrestart.successor.PredecessorEvent.Gone;
import io.github.gracefulrestart.successor.PredecessorEvent.Misunderstood;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a predecessor that has lost its mind can do to a successor, from the first byte to
 * the last: in the beginning, when it awaits its listeners, when it is ready, and when it
 * serves.
 */
class SuccessorFuzzTests {

	private static final int ROUNDS = 2_000;

	private static final int MANY_ROUNDS = 100_000;

	private static final int PATIENCE_SECONDS = 30;

	/** The number of the message. */
	private static final byte HELLO = 0;

	private static final String REFUSALS = "(?s)(" + MutatedFrames.REFUSALS
			+ "|the predecessor refused this process: .*"
			+ "|the predecessor sent [A-Z_]+ with \\d+ descriptors, which is no welcome)";

	private static final RestartSettings SETTINGS = new Limits().settings(Path.of("."));

	private static final String LOGGER = "io.github.gracefulrestart";

	/** Kept silent, because there is one for each round. */
	private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

	@TempDir
	private Path directory;

	private Path socket;

	private DescriptorServer server;

	/**
	 * Above the kernel's largest process id, so that no such process runs and no thread
	 * waits for its end.
	 */
	private static final long DEAD_PREDECESSOR = 1L << 23;

	@BeforeEach
	void listen() throws IOException {
		this.socket = this.directory.resolve("control").resolve("s");
		bind();
		this.logging.setLogLevel(LOGGER, LogLevel.OFF);
	}

	private void bind() throws IOException {
		Files.createDirectories(this.directory.resolve("control"));
		this.server = DescriptorServer.bind(this.socket);
	}

	@AfterEach
	void stop() throws IOException {
		this.logging.setLogLevel(LOGGER, LogLevel.INFO);
		this.server.close();
	}

	@Test
	void whenFramesAreMutatedThenEachEndsAndLeavesNoDescriptor() throws Exception {
		run(ROUNDS);
	}

	@Test
	@Tag("exhaustive")
	void whenManyFramesAreMutatedThenEachEndsAndLeavesNoDescriptor() throws Exception {
		run(MANY_ROUNDS);
	}

	private void run(int rounds) throws Exception {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		MutatedFrames frames = new MutatedFrames(random);
		Ends ends = new Ends();
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			int number = Descriptors.ofListening(listener.getLocalAddress());
			long before = ProcFs.sockets(ProcessHandle.current().pid());
			for (int round = 0; round < rounds; round++) {
				try {
					tryOne(random, frames, number, ends);
				}
				catch (Exception | AssertionError ex) {
					throw new AssertionError("seed " + seed + ", round " + round, ex);
				}
			}
			// Some of those before may have been the last of other tests
			assertThat(ProcFs.sockets(ProcessHandle.current().pid())).as("seed %d", seed).isLessThanOrEqualTo(before);
			assertThat(listener.isOpen()).isTrue();
		}
		// Each way was gone many times
		assertThat(ends.refusedBeforeWelcome).as("seed %d", seed).isGreaterThan(rounds / 10);
		assertThat(ends.refusedLater).as("seed %d", seed).isGreaterThan(rounds / 10);
		assertThat(ends.served).as("seed %d", seed).isGreaterThan(rounds / 10);
	}

	/**
	 * Be a predecessor to one successor that is ready from the start.
	 */
	private void tryOne(Random random, MutatedFrames frames, int listener, Ends ends) throws Exception {
		PredecessorLink link = PredecessorLink
			.open(new SuccessorFlag(DEAD_PREDECESSOR, this.socket, "token", 2, false, SuccessorFlag.Handover.NONE));
		Watched watched;
		link.follow();
		try (DescriptorChannel predecessor = this.server.accept()) {
			RestartState state = new RestartState(RestartPhase.INHERITING, 2, DEAD_PREDECESSOR, (event) -> {
			});
			SuccessorRun role = new SuccessorRun(state, link, new Listeners(link.listeners(), false),
					new ListenerHosts(), SETTINGS, (pid, drained, left) -> {
					});
			watched = new Watched(role, state, link.events());
			awaitHello(predecessor);
			send(predecessor, bytes(random, frames), random, listener);
		}
		String refusal = awaitWelcome(link);
		if (refusal == null) {
			RestartPhase phase = watched.followToTheEnd();
			assertThat(phase).isIn(RestartPhase.INHERITING, RestartPhase.SUCCEEDING);
			ends.served += (phase == RestartPhase.SUCCEEDING) ? 1 : 0;
			ends.refusedLater += (watched.refusal != null) ? 1 : 0;
			assertThat(watched.refusal).matches((text) -> text == null || text.matches(
					"(?s)" + MutatedFrames.REFUSALS + "|[A-Z_]+ at the wrong time|[A-Z_]+ cannot be followed: .*"));
		}
		else {
			assertThat(refusal)
				.matches("the predecessor \\(pid " + DEAD_PREDECESSOR + "\\) did not hand over: " + REFUSALS);
			// A successor would end now
			ends.refusedBeforeWelcome++;
		}
		link.closeUnwanted();
		link.close();
		if (!Files.exists(this.socket)) {
			// What a dead predecessor leaves is deleted by its successor
			this.server.close();
			bind();
		}
	}

	/**
	 * Otherwise the connection could end before a slow successor has read anything.
	 */
	private static void awaitHello(DescriptorChannel predecessor) throws IOException {
		ByteBuffer header;
		do {
			header = ByteBuffer.allocateDirect(MutatedFrames.HEADER_LENGTH);
			predecessor.receive(header, new ArrayList<>());
			predecessor.receive(ByteBuffer.allocateDirect(header.getInt(MutatedFrames.LENGTH_OFFSET)),
					new ArrayList<>());
		}
		while (header.get(MutatedFrames.TYPE_OFFSET) != HELLO);
	}

	/**
	 * Return what to send: a good beginning of some length, good frames of all kinds, and
	 * a damaged one.
	 */
	private static byte[] bytes(Random random, MutatedFrames frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int good = random.nextInt(4);
		if (good > 0) {
			bytes.writeBytes(MutatedFrames.bytes(new Welcome(2,
					List.of(new ListenerKey("server", "127.0.0.1:" + random.nextInt(65_536))), List.of())));
		}
		if (good > 1) {
			bytes.writeBytes(MutatedFrames.bytes(new Proceed()));
		}
		if (good > 2) {
			bytes.writeBytes(MutatedFrames.bytes(new Relieved(0)));
		}
		return (random.nextInt(4) == 0) ? bytes.toByteArray() : frames.sequence(bytes.toByteArray());
	}

	/**
	 * In one write, or in two with descriptors each.
	 */
	private static void send(DescriptorChannel predecessor, byte[] bytes, Random random, int listener)
			throws IOException {
		int cut = (bytes.length > 0 && random.nextInt(4) == 0) ? random.nextInt(bytes.length) : bytes.length;
		try {
			send(predecessor, Arrays.copyOf(bytes, cut), (random.nextInt(3) > 0) ? 1 : random.nextInt(4), listener);
			send(predecessor, Arrays.copyOfRange(bytes, cut, bytes.length), random.nextInt(3), listener);
		}
		catch (IOException ex) {
			// Refused before all of it was sent
			assertThat(ex).hasMessageContaining("EPIPE");
		}
	}

	private static void send(DescriptorChannel predecessor, byte[] bytes, int listeners, int listener)
			throws IOException {
		List<Integer> passed = new ArrayList<>();
		for (int i = 0; i < listeners; i++) {
			passed.add(listener);
		}
		if (bytes.length > 0) {
			predecessor.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), passed);
		}
	}

	private static String awaitWelcome(PredecessorLink link) {
		try {
			Descriptor taken = link.listeners().take(new ListenerKey("server", "127.0.0.1:1"));
			if (taken != null) {
				taken.close();
			}
			return null;
		}
		catch (IOException ex) {
			return ex.getMessage();
		}
	}

	/**
	 * How the rounds ended.
	 */
	private static final class Ends {

		private int refusedBeforeWelcome;

		private int refusedLater;

		private int served;

	}

	/**
	 * A role that follows what has happened.
	 */
	private static final class Watched {

		private final SuccessorRun role;

		private final RestartState state;

		private final EventQueue<PredecessorEvent> events;

		private String refusal;

		private Watched(SuccessorRun role, RestartState state, EventQueue<PredecessorEvent> events) {
			this.role = role;
			this.state = state;
			this.events = events;
			role.follow(new ApplicationReady(new CompletableFuture<>()));
		}

		/**
		 * Return the phase at the end.
		 */
		private RestartPhase followToTheEnd() throws InterruptedException {
			while (true) {
				PredecessorEvent event = this.events.poll(Duration.ofSeconds(PATIENCE_SECONDS));
				assertThat(event).isNotNull();
				RestartPhase phase = this.state.phase();
				this.role.follow(event);
				if (event instanceof Gone) {
					return phase;
				}
				if (event instanceof Misunderstood misunderstood) {
					this.refusal = misunderstood.reason();
				}
			}
		}

	}

}
