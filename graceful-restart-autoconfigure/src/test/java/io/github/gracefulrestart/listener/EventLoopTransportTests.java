package io.github.gracefulrestart.listener;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.gracefulrestart.posix.Descriptors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two generations of a server that accepts on an event loop.
 */
@Timeout(60)
class EventLoopTransportTests {

	private static final int CONNECTIONS = 2000;

	private static final ListenerKey KEY = Passing.KEY;

	@TempDir
	Path directory;

	private final Passing offered = new Passing();

	private final Listeners listeners = new Listeners(this.offered, false);

	private EventLoop before;

	private EventLoop after;

	private Listener first;

	private Listener second;

	@BeforeEach
	void hand() throws Exception {
		this.before = new EventLoop();
		this.after = new EventLoop();
		this.first = new Listeners(null, true).open(KEY, EventLoop.BACKLOG, new EventLoopTransport(this.before));
		this.offered.offer(this.first, this.directory);
		this.second = this.listeners.open(KEY, EventLoop.BACKLOG, new EventLoopTransport(this.after));
	}

	@AfterEach
	void close() throws Exception {
		this.first.close();
		this.second.close();
		this.before.close();
		this.after.close();
	}

	@Test
	void whenInheritedThenIsTheSameSocketWithItsGateClosed() throws Exception {
		assertThat(this.first.gate().isOpen()).isTrue();
		assertThat(this.second.gate().isOpen()).isFalse();
		assertThat(this.second.localAddress()).isEqualTo(this.first.localAddress());
		assertThat(Descriptors.target(this.second.descriptor())).isEqualTo(Descriptors.target(this.first.descriptor()));
		this.second.gate().pause();
		this.listeners.openGates();
		assertThat(this.second.gate().isOpen()).isFalse();
		this.second.gate().resume();
		assertThat(this.second.gate().isOpen()).isTrue();
	}

	@Test
	void whenTheFirstConnectionComesThenItIsTold() throws Exception {
		this.first.handOver();
		new Clients(this.first.localAddress(), 1, 1).allow(1);
		assertThat(this.listeners.awaitFirstConnection(Duration.ofMillis(20))).isFalse();
		this.listeners.openGates();
		assertThat(this.listeners.awaitFirstConnection(Duration.ofSeconds(10))).isTrue();
		assertThat(this.second.gate().lastAcceptedAt()).isNotZero();
		assertThat(this.before.numbers()).isEmpty();
	}

	@Test
	void whenAcceptingGoesBackAndForthUnderLoadThenEachConnectionIsTakenByOne() throws Exception {
		List<Integer> expected = new ArrayList<>();
		while (this.before.numbers().isEmpty() || this.after.numbers().isEmpty()) {
			Clients clients = new Clients(this.first.localAddress(), 4, CONNECTIONS);
			clients.allow(CONNECTIONS);
			while (!clients.isDone()) {
				this.second.gate().open();
				this.first.handOver();
				int taken = this.before.numbers().size();
				Thread.onSpinWait();
				assertThat(this.before.numbers()).as("taken while closed").hasSize(taken);
				this.first.takeBack();
				this.second.gate().close();
			}
			assertThat(clients.connected()).isEqualTo(CONNECTIONS);
			expected.addAll(IntStream.range(0, CONNECTIONS).boxed().toList());
			Awaitility.await().until(() -> numbers().size() == expected.size());
		}
		assertThat(numbers()).containsExactlyInAnyOrderElementsOf(expected);
	}

	private List<Integer> numbers() {
		List<Integer> all = new ArrayList<>(this.before.numbers());
		all.addAll(this.after.numbers());
		return all;
	}

}
