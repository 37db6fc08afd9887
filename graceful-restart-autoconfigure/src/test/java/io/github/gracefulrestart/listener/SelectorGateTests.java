package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class SelectorGateTests {

	private static final int CONNECTIONS = 3000;

	private static final int CONNECTIONS_PER_ROUND = 30;

	private static final int BACKLOG = 4000;

	private ServerSocketChannel channel;

	private SelectorGate gate;

	@BeforeEach
	void listen() throws IOException {
		this.channel = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
		this.gate = new SelectorGate(this.channel);
	}

	@AfterEach
	void close() throws IOException {
		this.gate.release();
		this.channel.close();
	}

	@Test
	void whenClosedThenConnectionsWaitInTheQueue() throws Exception {
		try (SocketChannel client = connect()) {
			assertThat(client.isConnected()).isTrue();
			CompletableFuture<SocketChannel> accepting = acceptLater();
			assertThat(accepting.copy().completeOnTimeout(null, 100, TimeUnit.MILLISECONDS).get()).isNull();
			assertThat(this.gate.firstAcceptedAt()).isZero();
			this.gate.open();
			try (SocketChannel accepted = accepting.get(5, TimeUnit.SECONDS)) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
				assertThat(this.gate.firstAcceptedAt()).isNotZero().isEqualTo(this.gate.lastAcceptedAt());
			}
			this.gate.delivered();
		}
	}

	@Test
	void whenOpenThenWaitsForAClient() throws Exception {
		this.gate.open();
		CompletableFuture<SocketChannel> accepting = acceptLater();
		try (SocketChannel client = connect(); SocketChannel accepted = accepting.get(5, TimeUnit.SECONDS)) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			this.gate.delivered();
		}
	}

	@Test
	void whenOpenedThenAcceptorCanBeWaitedFor() throws Exception {
		assertThat(this.gate.awaitAcceptor(Duration.ofMillis(1))).isFalse();
		CompletableFuture<SocketChannel> accepting = acceptLater();
		assertThat(this.gate.awaitAcceptor(Duration.ofMillis(20))).isFalse();
		this.gate.open();
		assertThat(this.gate.awaitAcceptor(Duration.ofSeconds(10))).isTrue();
		try (SocketChannel client = connect(); SocketChannel accepted = accepting.get(5, TimeUnit.SECONDS)) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			this.gate.delivered();
			assertThat(this.gate.awaitAcceptor(Duration.ofMillis(1))).isFalse();
		}
	}

	@Test
	void whenClosingThenWaitsForDelivery() throws Exception {
		this.gate.open();
		try (SocketChannel client = connect(); SocketChannel accepted = acceptLater().get(5, TimeUnit.SECONDS)) {
			assertThat(accepted.isConnected()).isEqualTo(client.isConnected());
			CompletableFuture<Void> closing = CompletableFuture.runAsync(this.gate::close,
					(task) -> new Thread(task, "closer").start());
			Awaitility.await().until(() -> !this.gate.isOpen());
			assertThat(closing.copy().orTimeout(100, TimeUnit.MILLISECONDS).handle((done, late) -> late != null).get())
				.isTrue();
			this.gate.delivered();
			closing.get(5, TimeUnit.SECONDS);
		}
	}

	@Test
	void whenClosedWhileWaitingForAClientThenReturnsAtOnce() throws Exception {
		this.gate.open();
		CompletableFuture<SocketChannel> accepting = acceptLater();
		for (int i = 0; i < 500; i++) {
			this.gate.close();
			this.gate.open();
		}
		this.gate.close();
		try (SocketChannel client = connect()) {
			assertThat(client.isConnected()).isTrue();
			assertThat(accepting.copy().completeOnTimeout(null, 50, TimeUnit.MILLISECONDS).get()).isNull();
			this.gate.interrupt();
			assertThat(accepting.get(5, TimeUnit.SECONDS)).isNull();
			try (SocketChannel queued = this.channel.accept()) {
				assertThat(queued.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			}
		}
	}

	@Test
	void whenInterruptedThenReturnsNothingOnce() throws Exception {
		CompletableFuture<SocketChannel> parked = acceptLater();
		this.gate.interrupt();
		assertThat(parked.get(5, TimeUnit.SECONDS)).isNull();
		this.gate.open();
		CompletableFuture<SocketChannel> waiting = acceptLater();
		this.gate.interrupt();
		assertThat(waiting.get(5, TimeUnit.SECONDS)).isNull();
		// Before the call
		this.gate.interrupt();
		assertThat(this.gate.accept()).isNull();
		try (SocketChannel client = connect(); SocketChannel accepted = this.gate.accept()) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			this.gate.delivered();
		}
	}

	@Test
	void whenReleasedThenOpeningHasNoEffect() throws Exception {
		this.gate.open();
		CompletableFuture<SocketChannel> accepting = acceptLater();
		this.gate.release();
		this.gate.open();
		assertThat(this.gate.isOpen()).isFalse();
		this.gate.interrupt();
		assertThat(accepting.get(5, TimeUnit.SECONDS)).isNull();
		this.gate.release();
		this.gate.close();
	}

	@Test
	void whenAcceptorHasNotBegunThenClosingDoesNotWait() {
		this.gate.open();
		this.gate.close();
		assertThat(this.gate.isOpen()).isFalse();
	}

	@Test
	void whenOpenedAndClosedUnderLoadThenEachConnectionIsTakenOnceOrStaysInTheQueue() throws Exception {
		List<Integer> numbers = new ArrayList<>();
		try (Acceptor acceptor = new Acceptor(this.gate)) {
			Clients clients = new Clients(this.channel.getLocalAddress(), 6, CONNECTIONS);
			int rounds = 0;
			while (!clients.isDone()) {
				clients.allow(CONNECTIONS_PER_ROUND);
				this.gate.open();
				spin(Duration.ofNanos(rounds % 7 * 100_000L));
				this.gate.close();
				int accepted = acceptor.accepted();
				assertThat(acceptor.delivered()).as("delivered when closed").isEqualTo(accepted);
				spin(Duration.ofNanos(rounds % 3 * 100_000L));
				assertThat(acceptor.accepted()).as("accepted while closed").isEqualTo(accepted);
				rounds++;
			}
			assertThat(clients.connected()).isEqualTo(CONNECTIONS);
			assertThat(rounds).isGreaterThanOrEqualTo(CONNECTIONS / CONNECTIONS_PER_ROUND);
			numbers.addAll(acceptor.numbers());
			assertThat(acceptor.failure()).isNull();
		}
		while (numbers.size() < CONNECTIONS) {
			try (SocketChannel queued = this.channel.accept()) {
				assertThat(queued).as("connection %d of %d", numbers.size() + 1, CONNECTIONS).isNotNull();
				numbers.add(Clients.numberOf(queued));
			}
		}
		assertThat(this.channel.accept()).isNull();
		assertThat(numbers).containsExactlyInAnyOrderElementsOf(IntStream.range(0, CONNECTIONS).boxed().toList());
	}

	private SocketChannel connect() throws IOException {
		return SocketChannel.open(this.channel.getLocalAddress());
	}

	private CompletableFuture<SocketChannel> acceptLater() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.gate.accept();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, (task) -> new Thread(task, "acceptor").start());
	}

	private static void spin(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
	}

}
