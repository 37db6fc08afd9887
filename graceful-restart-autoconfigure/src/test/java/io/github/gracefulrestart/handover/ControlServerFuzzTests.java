package io.github.gracefulrestart.handover;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.Descriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a successor that has lost its mind can do to the predecessor's end of a real
 * control socket: before it has shown the token, and after.
 */
class ControlServerFuzzTests {

	private static final int ROUNDS = 5_000;

	private static final int MANY_ROUNDS = 90_000;

	private static final int PATIENCE_SECONDS = 30;

	private static final String INTRUDERS = "(a peer of the control socket was refused: (" + MutatedFrames.REFUSALS
			+ "|the peer has closed the connection|sendmsg\\(\\d+\\) failed with EPIPE.*)"
			+ "|the successor \\(pid \\d+\\) was refused: (its token is wrong"
			+ "|its first message was [A-Z_]+ instead of HELLO"
			+ "|it speaks version \\d+ of the protocol, this process version 1))";

	private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

	private long understood;

	@TempDir
	private Path parent;

	private ControlServer server;

	private Thread thread;

	@BeforeEach
	void listen() throws IOException {
		this.server = ControlServer.open(this.parent);
		this.thread = new Thread(this::serve, "predecessor");
		this.thread.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.server.stop();
		this.thread.join();
	}

	/**
	 * As the predecessor does, but for successor after successor.
	 */
	private void serve() {
		while (true) {
			try (ControlConnection connection = this.server
				.awaitSuccessor((pid) -> pid == ProcessHandle.current().pid(), this.ends::add)) {
				this.ends.add(receiveAll(connection));
			}
			catch (ProtocolException ex) {
				// Another version: told to the others as well
			}
			catch (IOException ex) {
				return;
			}
			catch (RuntimeException | Error ex) {
				this.ends.add("broken by " + ex);
			}
		}
	}

	private String receiveAll(ControlConnection connection) {
		try {
			while (true) {
				ReceivedMessage received = connection.receive();
				received.discard();
				this.understood++;
			}
		}
		catch (EOFException ex) {
			return "end";
		}
		catch (IOException ex) {
			return "refused: " + ex.getMessage();
		}
	}

	@Test
	void whenFramesAreMutatedThenEachEndsInANamedRefusalAndLeavesNoDescriptor() throws Exception {
		run(ROUNDS);
	}

	@Test
	@Tag("exhaustive")
	void whenManyFramesAreMutatedThenEachEndsInANamedRefusalAndLeavesNoDescriptor() throws Exception {
		run(MANY_ROUNDS);
	}

	private void run(int rounds) throws Exception {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		MutatedFrames frames = new MutatedFrames(random);
		int refused = 0;
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			int number = Descriptors.ofListening(listener.getLocalAddress());
			OpenDescriptors before = OpenDescriptors.now();
			for (int round = 0; round < rounds; round++) {
				String end = tryOne(random, frames, number);
				assertThat(end).as("seed %d, round %d", seed, round)
					.matches("(?s)(end|refused: " + MutatedFrames.REFUSALS + "|" + INTRUDERS + ")");
				refused += end.equals("end") ? 0 : 1;
			}
			// The last one is closed after its end was told
			await().untilAsserted(
					() -> assertThat(OpenDescriptors.now().socketsSince(before)).as("seed %d", seed).isEmpty());
			assertThat(listener.isOpen()).isTrue();
		}
		assertThat(refused).as("seed %d", seed).isGreaterThan(rounds / 2);
		assertThat(this.understood).as("seed %d", seed).isGreaterThan(rounds / 10);
		assertThat(this.ends).isEmpty();
	}

	/**
	 * Send what a successor would not, and return how the predecessor takes it.
	 */
	private String tryOne(Random random, MutatedFrames frames, int descriptor) throws Exception {
		byte[] hello = MutatedFrames.hello(this.server.token());
		byte[] bytes = (random.nextInt(3) == 0) ? frames.mutate(hello) : frames.sequence(hello);
		try (DescriptorChannel sender = DescriptorChannel.connect(this.server.socket())) {
			int cut = (bytes.length > 0 && random.nextInt(4) == 0) ? random.nextInt(bytes.length) : bytes.length;
			send(sender, Arrays.copyOf(bytes, cut), random, descriptor);
			send(sender, Arrays.copyOfRange(bytes, cut, bytes.length), random, descriptor);
		}
		catch (IOException ex) {
			// Refused before all of it was sent
			assertThat(ex).hasMessageContaining("EPIPE");
		}
		String end = this.ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		assertThat(end).isNotNull();
		return end;
	}

	private static void send(DescriptorChannel sender, byte[] bytes, Random random, int descriptor) throws IOException {
		List<Integer> passed = new ArrayList<>();
		for (int i = random.nextInt(8) - 4; i > 0; i--) {
			passed.add(descriptor);
		}
		if (bytes.length > 0) {
			sender.send(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), passed);
		}
	}

}
