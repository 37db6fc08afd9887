package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.gracefulrestart.posix.Placeholders.Placeholder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Placeholders}, while another thread opens and closes descriptors all
 * the time.
 */
class PlaceholdersTests {

	private static final int COUNT = 500;

	@TempDir
	private Path scratch;

	@Test
	void numberIsTheChannels() throws IOException, InterruptedException {
		Thread disturber = new Thread(PlaceholdersTests::openAndClose);
		List<Placeholder> taken = new ArrayList<>();
		try (Placeholders placeholders = Placeholders.in(this.scratch);
				ServerSocketChannel server = ServerSocketChannel.open()
					.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			disturber.start();
			for (int i = 0; i < COUNT; i++) {
				taken.add(placeholders.take());
			}
			Set<Integer> numbers = new HashSet<>();
			for (Placeholder placeholder : taken) {
				assertThat(numbers.add(placeholder.number())).isTrue();
				assertLeadsTo(placeholder, server);
			}
		}
		finally {
			disturber.interrupt();
			disturber.join();
			for (Placeholder placeholder : taken) {
				placeholder.channel().close();
			}
		}
	}

	/**
	 * Replacing the descriptor replaces the target of the channel.
	 */
	private static void assertLeadsTo(Placeholder placeholder, ServerSocketChannel server) throws IOException {
		try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel accepted = server.accept()) {
			Integer number = Descriptors.ofConnections()
				.get(new SocketPair((InetSocketAddress) accepted.getLocalAddress(),
						(InetSocketAddress) accepted.getRemoteAddress()));
			assertThat(number).isNotNull();
			Native.check(Native.posix().dup2(number, placeholder.number()), "dup2");
			placeholder.channel().write(ByteBuffer.wrap(new byte[1]));
			ByteBuffer received = ByteBuffer.allocate(1);
			assertThat(client.read(received)).isEqualTo(1);
		}
	}

	private static void openAndClose() {
		try {
			while (!Thread.currentThread().isInterrupted()) {
				ServerSocketChannel.open().close();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void leavesNoDescriptorAndNoFile() throws IOException {
		Placeholders.in(this.scratch).close();
		int before = Descriptors.ownDescriptors((number) -> true).size();
		try (Placeholders placeholders = Placeholders.in(this.scratch)) {
			assertThat(this.scratch).isEmptyDirectory();
			for (int i = 0; i < COUNT; i++) {
				placeholders.take().channel().close();
			}
		}
		assertThat(Descriptors.ownDescriptors((number) -> true)).hasSizeLessThanOrEqualTo(before);
	}

}
