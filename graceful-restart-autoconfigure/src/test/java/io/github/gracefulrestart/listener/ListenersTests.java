package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.gracefulrestart.posix.Descriptors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Two generations of listeners in one JVM, with descriptors that went through a socket.
 */
@SuppressWarnings("try") // closes early on purpose
@Timeout(60)
class ListenersTests {

	private static final int CONNECTIONS = 2000;

	private static final ListenerKey KEY = Passing.KEY;

	@TempDir
	Path directory;

	private final Passing offered = new Passing();

	private final Listeners predecessor = new Listeners(null, true);

	private final Listeners successor = new Listeners(this.offered, false);

	@Test
	void whenThereIsNoPredecessorThenBindsAndAcceptsAtOnce() throws IOException {
		try (Listener listener = this.predecessor.open(KEY, 10, new TestTransport(ListenersTests::bind))) {
			assertThat(listener.isInherited()).isFalse();
			assertThat(listener.gate().isOpen()).isTrue();
			assertThat(listener).hasToString("server (127.0.0.1:0)");
			assertThat(this.predecessor.all()).containsExactly(listener);
		}
		assertThat(this.predecessor.all()).isEmpty();
	}

	@Test
	void whenInheritedThenIsTheSameSocketWithItsGateClosed() throws IOException {
		try (Listener original = this.predecessor.open(KEY, 10, new TestTransport(ListenersTests::bind))) {
			offer(original);
			try (Listener inherited = this.successor.open(KEY, 20, new TestTransport(ListenersTests::failToBind))) {
				assertThat(inherited.isInherited()).isTrue();
				assertThat(inherited.gate().isOpen()).isFalse();
				assertThat(inherited.localAddress()).isEqualTo(original.localAddress());
				assertThat(Descriptors.target(inherited.descriptor()))
					.isEqualTo(Descriptors.target(original.descriptor()));
				this.successor.openGates();
				assertThat(inherited.gate().isOpen()).isTrue();
			}
			assertThat(original.isOpen()).isTrue();
			assertThat(original.gate().isOpen()).isTrue();
		}
	}

	@Test
	void whenAnotherProcessThanAPredecessorHandsOverThenAcceptsAtOnceAndLeavesThePathAlone() throws IOException {
		Path path = this.directory.resolve("app.sock");
		ListenerKey key = ListenerKey.unix("unix", path);
		try (Listener original = this.predecessor.open(key, 10, new TestTransport(() -> bind(path)))) {
			offer(original);
			Listeners activated = new Listeners(this.offered, true);
			try (Listener inherited = activated.open(key, 10, new TestTransport(ListenersTests::failToBind))) {
				assertThat(inherited.gate().isOpen()).isTrue();
			}
			assertThat(path).exists();
		}
	}

	@Test
	void whenListenerIsNewInTheSuccessorThenItIsBoundAndItsGateOpensWithTheOthers() throws IOException {
		try (Listener fresh = this.successor.open(KEY, 10, new TestTransport(ListenersTests::bind))) {
			assertThat(fresh.isInherited()).isFalse();
			assertThat(fresh.gate().isOpen()).isFalse();
			this.successor.openGates();
			assertThat(fresh.gate().isOpen()).isTrue();
			try (Listener later = this.successor.open(KEY, 10, new TestTransport(ListenersTests::bind))) {
				assertThat(later.gate().isOpen()).isTrue();
			}
		}
	}

	@Test
	void whenNoClientComesThenIsNotWaitedForLonger() throws IOException {
		try (Listener listener = this.successor.open(KEY, 10, new TestTransport(ListenersTests::bind));
				Acceptor acceptor = new Acceptor(listener.gate())) {
			this.successor.openGates();
			assertThat(this.successor.awaitFirstConnection(Duration.ofMillis(20))).isFalse();
			assertThat(acceptor.accepted()).isZero();
		}
	}

	@Test
	void whenAClientComesAtOneOfTheListenersThenHasAccepted() throws Exception {
		try (Listener busy = this.successor.open(KEY, 10, new TestTransport(ListenersTests::bind));
				Listener silent = this.successor.open(KEY, 10, new TestTransport(ListenersTests::bind));
				Acceptor first = new Acceptor(busy.gate());
				Acceptor second = new Acceptor(silent.gate())) {
			new Clients(busy.localAddress(), 1, 1).allow(1);
			assertThat(this.successor.awaitFirstConnection(Duration.ofMillis(20))).isFalse();
			this.successor.openGates();
			assertThat(this.successor.awaitFirstConnection(Duration.ofSeconds(10))).isTrue();
			assertThat(busy.gate().firstAcceptedAt()).isNotZero();
			assertThat(silent.gate().firstAcceptedAt()).isZero();
			Awaitility.await().until(() -> first.delivered() == 1);
			assertThat(second.accepted()).isZero();
		}
	}

	@Test
	void whenBindingFailsThenNothingIsAdded() {
		assertThatIOException()
			.isThrownBy(() -> this.predecessor.open(KEY, 10, new TestTransport(ListenersTests::failToBind)))
			.withMessage("taken");
		assertThat(this.predecessor.all()).isEmpty();
	}

	@Test
	void whenPredecessorLeavesThenThePathStaysForItsSuccessor() throws IOException {
		Path path = this.directory.resolve("app.sock");
		ListenerKey key = ListenerKey.unix("unix", path);
		try (Listener original = this.predecessor.open(key, 10, new TestTransport(() -> bind(path)))) {
			offer(original);
			try (Listener inherited = this.successor.open(key, 10, new TestTransport(ListenersTests::failToBind))) {
				assertThat(inherited.localAddress()).isEqualTo(UnixDomainSocketAddress.of(path));
				original.leave();
				assertThat(path).exists();
				assertThat(Descriptors.target(inherited.descriptor())).startsWith("socket:");
				this.successor.openGates();
				this.successor.serveAlone();
			}
			assertThat(path).as("closed by the one that served alone").doesNotExist();
		}
	}

	@Test
	void whenSuccessorEndsThenThePathStaysForItsPredecessor() throws IOException {
		Path path = this.directory.resolve("app.sock");
		ListenerKey key = ListenerKey.unix("unix", path);
		try (Listener original = this.predecessor.open(key, 10, new TestTransport(() -> bind(path)))) {
			for (boolean serves : new boolean[] { false, true }) {
				offer(original);
				Listeners launched = new Listeners(this.offered, false);
				try (Listener inherited = launched.open(key, 10, new TestTransport(ListenersTests::failToBind))) {
					assertThat(inherited.isInherited()).isTrue();
					if (serves) {
						launched.openGates();
					}
				}
				try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
					assertThat(client.isConnected()).isTrue();
				}
			}
		}
		assertThat(path).doesNotExist();
	}

	@Test
	void whenAPathOfItsOwnIsNewInTheSuccessorThenItGoesWithIt() throws IOException {
		Path path = this.directory.resolve("new.sock");
		try (Listener fresh = this.successor.open(ListenerKey.unix("unix", path), 10,
				new TestTransport(() -> bind(path)))) {
			assertThat(fresh.isInherited()).isFalse();
			assertThat(path).exists();
		}
		assertThat(path).doesNotExist();
	}

	@Test
	void whenThePathLeadsToAnotherSocketThenItIsLeftAlone() throws IOException {
		Path path = this.directory.resolve("app.sock");
		try (Listener original = this.predecessor.open(ListenerKey.unix("unix", path), 10,
				new TestTransport(() -> bind(path)))) {
			Files.delete(path);
			try (ServerSocketChannel another = bind(path)) {
				original.close();
				assertThat(path).exists();
				assertThat(another.isOpen()).isTrue();
			}
		}
	}

	@Test
	void whenThePathLedToAnotherSocketBeforeItWasInheritedThenItIsLeftAlone() throws IOException {
		Path path = this.directory.resolve("app.sock");
		ListenerKey key = ListenerKey.unix("unix", path);
		try (Listener original = this.predecessor.open(key, 10, new TestTransport(() -> bind(path)))) {
			offer(original);
			Files.delete(path);
			try (ServerSocketChannel another = bind(path)) {
				assertThat(another.isOpen()).isTrue();
				Listener inherited = this.successor.open(key, 10, new TestTransport(ListenersTests::failToBind));
				original.leave();
				this.successor.serveAlone();
				inherited.close();
				assertThat(path).exists();
			}
		}
	}

	private static ServerSocketChannel bind(Path path) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
	}

	@Test
	void whenAcceptingGoesBackAndForthUnderLoadThenEachConnectionIsTakenByOne() throws Exception {
		List<Integer> expected = new ArrayList<>();
		List<Integer> numbers = new ArrayList<>();
		Listener first = this.predecessor.open(KEY, CONNECTIONS * 2, new TestTransport(ListenersTests::bind));
		offer(first);
		Listener second = this.successor.open(KEY, CONNECTIONS * 2, new TestTransport(ListenersTests::failToBind));
		try (Acceptor before = new Acceptor(first.gate()); Acceptor after = new Acceptor(second.gate())) {
			// On a busy machine all may connect while one of the two has no processor
			while (before.delivered() == 0 || after.delivered() == 0) {
				Clients clients = new Clients(first.localAddress(), 4, CONNECTIONS);
				clients.allow(CONNECTIONS);
				while (!clients.isDone()) {
					second.gate().open();
					first.gate().close();
					int accepted = before.accepted();
					Thread.onSpinWait();
					assertThat(before.accepted()).isEqualTo(accepted);
					first.gate().open();
					second.gate().close();
				}
				assertThat(clients.connected()).isEqualTo(CONNECTIONS);
				expected.addAll(IntStream.range(0, CONNECTIONS).boxed().toList());
				Awaitility.await().until(() -> before.delivered() + after.delivered() == expected.size());
			}
			numbers.addAll(before.numbers());
			numbers.addAll(after.numbers());
			assertThat(before.failure()).isNull();
			assertThat(after.failure()).isNull();
		}
		first.close();
		second.close();
		assertThat(numbers).containsExactlyInAnyOrderElementsOf(expected);
	}

	private void offer(Listener listener) throws IOException {
		this.offered.offer(listener, this.directory);
	}

	private static ServerSocketChannel bind() throws IOException {
		return ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS * 2);
	}

	private static ServerSocketChannel failToBind() throws IOException {
		throw new IOException("taken");
	}

}
