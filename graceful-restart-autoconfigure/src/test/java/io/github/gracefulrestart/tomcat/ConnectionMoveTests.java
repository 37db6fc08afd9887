package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import javax.management.ObjectName;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.Message.Welcome;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.apache.catalina.valves.AccessLogValve;
import org.apache.catalina.valves.RemoteIpValve;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What moves, what stays, and what both servers know of it afterwards. Each server is a
 * Tomcat of its own; they share nothing but a control socket.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionMoveTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	/**
	 * So often does a drain look at connections that must not move.
	 */
	private static final int STEPS = 200;

	@TempDir
	Path directory;

	private final List<AutoCloseable> opened = new ArrayList<>();

	private MovingServer first;

	private MovingServer second;

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.first.close();
		this.second.close();
	}

	private void start() throws Exception {
		start((factory) -> {
		});
	}

	private void start(Consumer<TomcatServletWebServerFactory> settings) throws Exception {
		join(MovingServer.start("first", settings), MovingServer.start("second", settings));
	}

	private void join(MovingServer predecessor, MovingServer successor) throws Exception {
		this.first = predecessor;
		this.second = successor;
		MovingServer.join(this.first, this.second);
	}

	private static Consumer<TomcatServletWebServerFactory> property(String name, Object value) {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty(name, String.valueOf(value)));
	}

	private RawHttp connect() throws RequestFailedException {
		RawHttp client = this.first.connect();
		this.opened.add(client);
		return client;
	}

	private List<RawHttp> connect(int count) throws RequestFailedException {
		List<RawHttp> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			clients.add(connect());
			assertAnswer(clients.get(i).get("/?" + i), this.first, String.valueOf(i));
		}
		return clients;
	}

	private static void assertAnswer(HttpAnswer answer, MovingServer by, String query) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text()).startsWith(by.name() + " " + query + " ");
	}

	private void assertNothingLost(int connections) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.first.countedConnections() + this.second.countedConnections())
				.isEqualTo(connections));
	}

	// -- what moves

	@Test
	void whenHalfARequestHasComeThenItIsFinishedBeforeTheMove() throws Exception {
		start();
		List<RawHttp> clients = connect(3);
		clients.get(0).write("GET /?half HT");
		clients.get(1).write("GET /?head HTTP/1.1\r\nHost: lo");
		awaitActive(2);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> this.first.host().drained().moved() == 1);
		steps(STEPS);
		assertThat(this.first.host().connections()).isEqualTo(new ConnectionCount(2, 0));
		clients.get(0).write("TP/1.1\r\nHost: localhost\r\n\r\n");
		clients.get(1).write("calhost\r\n\r\n");
		HttpAnswer half = clients.get(0).read();
		assertAnswer(half, this.first, "half");
		assertThat(half.close()).isFalse();
		assertAnswer(clients.get(1).read(), this.first, "head");
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		assertThat(this.first.host().drained()).isEqualTo(new DrainSummary(3, 0, 0, 0, 0));
		this.first.cancelDrain();
		for (RawHttp client : clients) {
			assertAnswer(client.get("/?next"), this.second, "next");
		}
		assertNothingLost(3);
	}

	@Test
	void whenRequestsArePipelinedBeforeTheMoveThenAllAreAnsweredInOrder() throws Exception {
		start();
		RawHttp client = connect(1).get(0);
		client.write("GET /blocked?0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		for (int i = 1; i < 20; i++) {
			client.write("GET /?" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
		}
		awaitActive(1);
		this.first.beginDrain(this.second.capacity());
		steps(STEPS);
		this.first.servlet().release();
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		this.first.cancelDrain();
		for (int i = 0; i < 20; i++) {
			HttpAnswer answer = client.read();
			assertThat(answer.text()).contains(" " + i + " ");
			assertThat(answer.close()).isFalse();
		}
		assertAnswer(client.get("/?next"), this.second, "next");
	}

	@Test
	void whenConnectionHasCarriedNothingThenItMoves() throws Exception {
		start();
		RawHttp client = connect();
		awaitCounted(1);
		assertThat(this.first.moveAllTo(this.second).moved()).isOne();
		assertAnswer(client.get("/?first"), this.second, "first");
	}

	@Test
	void whenClientsCloseDuringTheMoveThenNothingIsLeftOver() throws Exception {
		start(property("maxKeepAliveRequests", -1));
		List<RawHttp> survivors = connect(4);
		// What a server needs to receive connections, it opens at the first
		this.first.moveAllTo(this.second);
		this.second.moveAllTo(this.first);
		long before = sockets();
		int rounds = 60;
		for (int round = 0; round < rounds; round++) {
			MovingServer from = (round % 2 == 0) ? this.first : this.second;
			MovingServer to = (round % 2 == 0) ? this.second : this.first;
			List<RawHttp> leaving = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				leaving.add(RawHttp.connect(from.port(), false, PATIENCE));
				assertThat(leaving.get(i).get("/").status()).isEqualTo(200);
			}
			int offset = round * 67 % 2000;
			CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < leaving.size(); i++) {
					LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(offset / leaving.size()));
					if (i % 2 == 0) {
						leaving.get(i).abort();
					}
					else {
						leaving.get(i).close();
					}
				}
			});
			DrainSummary summary = from.moveAllTo(to);
			closing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(summary.moved()).as(summary.toString()).isGreaterThanOrEqualTo(survivors.size());
			assertThat(summary.cut() + summary.closedIdle()).as(summary.toString()).isZero();
			for (RawHttp survivor : survivors) {
				HttpAnswer answer = survivor.get("/?" + round);
				assertAnswer(answer, to, String.valueOf(round));
				assertThat(answer.close()).as("told to go although only others went").isFalse();
			}
		}
		assertNothingLost(survivors.size());
		// Each of the two may keep one placeholder of a pair
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before + 2));
		// Tomcat's caches hold some of the past; these do not grow with it
		assertThat(liveInstances("io.github.gracefulrestart.tomcat.RestartableSocketWrapper")).isLessThan(rounds);
	}

	@Test
	void whenClientsHaveResetJustBeforeTheMoveThenTheOthersMove() throws Exception {
		start();
		for (int round = 0; round < 5; round++) {
			List<RawHttp> clients = connect(60);
			RawHttp survivor = clients.remove(30);
			clients.forEach(RawHttp::abort);
			DrainSummary summary = this.first.moveAllTo(this.second);
			assertThat(summary.moved() + summary.finished()).as(summary.toString()).isLessThanOrEqualTo(60);
			HttpAnswer answer = survivor.get("/?on");
			assertAnswer(answer, this.second, "on");
			assertThat(answer.close()).isFalse();
			assertNothingLost(round + 1);
		}
	}

	private static long sockets() {
		return ProcFs.sockets(ProcessHandle.current().pid());
	}

	/** Counts what survives a garbage collection. */
	private static long liveInstances(String type) throws Exception {
		String histogram = (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return histogram.lines()
			.map(String::strip)
			.filter((line) -> line.endsWith(type) || line.contains(type + " "))
			.mapToLong((line) -> Long.parseLong(line.split("\\s+")[1]))
			.sum();
	}

	// -- what is true afterwards

	@Test
	void whenMovedThenAddressesAreTrue() throws Exception {
		List<Path> logs = new ArrayList<>();
		start((factory) -> {
			AccessLogValve log = new AccessLogValve();
			log.setDirectory(this.directory.toString());
			log.setPrefix("access-" + logs.size());
			log.setSuffix(".log");
			log.setRotatable(false);
			log.setBuffered(false);
			log.setPattern("%a %{remote}p %U %s");
			logs.add(this.directory.resolve("access-" + logs.size() + ".log"));
			factory.addEngineValves(log, new RemoteIpValve());
		});
		RawHttp client = connect();
		String own = "127.0.0.1:" + client.localPort() + " to 127.0.0.1:" + this.first.port();
		assertThat(client.get("/?1").text()).isEqualTo("first 1 " + own);
		for (int i = 0; i < 4; i++) {
			MovingServer from = (i % 2 == 0) ? this.first : this.second;
			MovingServer to = (i % 2 == 0) ? this.second : this.first;
			assertThat(from.moveAllTo(to).moved()).isOne();
			assertThat(client.get("/?2").text()).isEqualTo(to.name() + " 2 " + own);
			client.write("GET /?3 HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n");
			assertThat(client.read().text()).startsWith(to.name() + " 3 203.0.113.7:");
		}
		String logged = "127.0.0.1 " + client.localPort() + " / 200";
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(Files.readAllLines(logs.get(0))).contains(logged).hasSize(5);
			assertThat(Files.readAllLines(logs.get(1))).contains(logged).hasSize(4);
		});
	}

	@Test
	void whenMovedThenRequestsAreCountedOn() throws Exception {
		start(property("maxKeepAliveRequests", 6));
		RawHttp client = connect();
		assertThat(client.get("/?1").close()).isFalse();
		assertThat(client.get("/?2").close()).isFalse();
		this.first.moveAllTo(this.second);
		assertThat(client.get("/?3").close()).isFalse();
		this.second.moveAllTo(this.first);
		assertThat(client.get("/?4").close()).isFalse();
		assertThat(client.get("/?5").close()).isFalse();
		this.first.moveAllTo(this.second);
		HttpAnswer last = client.get("/?6");
		assertAnswer(last, this.second, "6");
		assertThat(last.close()).isTrue();
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertNothingLost(0);
	}

	@Test
	void whenRequestsWereNotLimitedBeforeTheMoveThenTheyAreFromThenOn() throws Exception {
		join(MovingServer.start("first", property("maxKeepAliveRequests", -1)),
				MovingServer.start("second", property("maxKeepAliveRequests", 2)));
		RawHttp client = connect();
		for (int i = 0; i < 5; i++) {
			assertThat(client.get("/?" + i).close()).isFalse();
		}
		this.first.moveAllTo(this.second);
		assertThat(client.get("/?6").close()).isFalse();
		assertThat(client.get("/?7").close()).isTrue();
	}

	@Test
	void whenMovedThenTimeWithoutRequestGoesOn() throws Exception {
		start(property("keepAliveTimeout", 2000));
		RawHttp client = connect();
		assertThat(client.get("/").status()).isEqualTo(200);
		long begin = System.nanoTime();
		for (int rest = 1; rest <= 4; rest++) {
			MovingServer from = (rest % 2 == 1) ? this.first : this.second;
			from.moveAllTo((rest % 2 == 1) ? this.second : this.first);
			long until = begin + TimeUnit.MILLISECONDS.toNanos(rest * 100L);
			await().atMost(PATIENCE).until(() -> System.nanoTime() - until >= 0);
		}
		this.first.beginDrain(this.second.capacity());
		List<MovableConnection> taken = new ArrayList<>();
		await().atMost(PATIENCE).until(() -> taken.addAll(this.first.host().detach(1, true)));
		assertThat(taken.get(0).idleMillis()).isGreaterThanOrEqualTo(400 - 5);
		taken.get(0).keep();
		this.first.cancelDrain();
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2000 - 5));
		assertNothingLost(0);
	}

	// -- what is refused

	@Test
	void whenSuccessorHasNoRoomThenTheOthersStayAndAreTold(CapturedOutput output) throws Exception {
		join(MovingServer.start("first"), MovingServer.start("second", property("maxConnections", 4)));
		List<RawHttp> clients = connect(10);
		await().atMost(PATIENCE).until(() -> this.first.host().connections().idle() == 10);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> this.first.host().drained().moved() > 0);
		long moved = this.first.host().drained().moved();
		// Of the limit one is for the connection that the acceptor waits for
		assertThat(moved).isEqualTo(3);
		assertThat(output).contains("7 of 10 connections were not taken over from the predecessor")
			.contains("the limit of 4 connections of server (127.0.0.1:0) is reached");
		int bySecond = 0;
		for (RawHttp client : clients) {
			HttpAnswer answer = client.get("/?next");
			assertThat(answer.status()).isEqualTo(200);
			boolean second = answer.text().startsWith("second ");
			bySecond += second ? 1 : 0;
			assertThat(answer.close()).isEqualTo(!second);
		}
		assertThat(bySecond).isEqualTo(3);
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		assertThat(this.first.host().drained()).isEqualTo(new DrainSummary(3, 7, 0, 0, 0));
		this.first.cancelDrain();
		assertNothingLost(3);
	}

	@Test
	void whenSuccessorDoesNotHaveTheListenerThenAllStay(CapturedOutput output) throws Exception {
		join(MovingServer.start("first"), MovingServer.start("second", "other"));
		List<RawHttp> clients = connect(5);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> output.toString().contains("No more connections of server (127.0.0.1:0) move"));
		assertThat(output).contains("this process has no listener server");
		for (RawHttp client : clients) {
			HttpAnswer answer = client.get("/?next");
			assertAnswer(answer, this.first, "next");
			assertThat(answer.close()).isTrue();
		}
		this.first.cancelDrain();
		assertNothingLost(0);
	}

	@Test
	void whenDescriptorIsNoConnectionThenOnlyThatIsRefused(CapturedOutput output) throws Exception {
		start();
		List<RawHttp> clients = connect(2);
		Path file = Files.createFile(this.directory.resolve("file"));
		try (ServerSocketChannel listening = ServerSocketChannel.open();
				SocketChannel fresh = SocketChannel.open();
				var in = Files.newInputStream(file)) {
			assertThat(in.read()).isNegative();
			listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			long before = sockets();
			this.first.beginDrain(this.second.capacity());
			List<MovableConnection> taken = new ArrayList<>();
			await().atMost(PATIENCE).until(() -> {
				taken.addAll(this.first.host().detach(2 - taken.size(), true));
				return taken.size() == 2;
			});
			List<Integer> descriptors = List.of(taken.get(0).descriptor(), descriptorOf(file),
					Descriptors.ofListening(listening.getLocalAddress()), descriptorOfUnconnected(fresh),
					taken.get(1).descriptor());
			Adopted answer = offer("server", "127.0.0.1:0", descriptors);
			assertThat(answer.refused()).containsExactly(1, 2, 3);
			assertThat(answer.reason()).isEmpty();
			assertThat(output).contains("3 of 5 connections were not taken over from the predecessor")
				.contains("their descriptors are no TCP connections");
			taken.forEach(MovableConnection::moved);
			for (RawHttp client : clients) {
				HttpAnswer next = client.get("/?next");
				assertAnswer(next, this.second, "next");
				assertThat(next.close()).isFalse();
			}
			this.first.cancelDrain();
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before + 1));
		}
		assertNothingLost(2);
	}

	@Test
	void whenDescriptorsAreMissingThenAllAreRefused(CapturedOutput output) throws Exception {
		start();
		try (ServerSocketChannel listening = ServerSocketChannel.open()) {
			listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			List<Connections.Connection> states = List.of(new Connections.Connection(0, 1),
					new Connections.Connection(0, 1));
			this.first.control()
				.send(new Connections(7, new Welcome.Listener("server", "127.0.0.1:0"), states),
						List.of(Descriptors.ofListening(listening.getLocalAddress())));
			Adopted answer = this.first.awaitAnswer();
			assertThat(answer.batch()).isEqualTo(7);
			assertThat(answer.refused()).containsExactly(0, 1);
			assertThat(output).contains("1 descriptors came for 2 connections");
		}
		RawHttp client = connect();
		assertThat(client.get("/").status()).isEqualTo(200);
		this.first.moveAllTo(this.second);
		assertAnswer(client.get("/?next"), this.second, "next");
	}

	private Adopted offer(String name, String address, List<Integer> descriptors) throws Exception {
		List<Connections.Connection> states = new ArrayList<>();
		descriptors.forEach((descriptor) -> states.add(new Connections.Connection(0, 100)));
		this.first.control().send(new Connections(1, new Welcome.Listener(name, address), states), descriptors);
		return this.first.awaitAnswer();
	}

	private static int descriptorOf(Path file) {
		return ProcFs.descriptors(ProcessHandle.current().pid())
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(file.toString()))
			.findFirst()
			.orElseThrow()
			.getKey();
	}

	private static int descriptorOfUnconnected(SocketChannel channel) throws IOException {
		Object address = channel.getLocalAddress();
		return ProcFs.descriptors(ProcessHandle.current().pid())
			.keySet()
			.stream()
			.filter((number) -> address.equals(Descriptors.localAddress(number)))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void whenSuccessorDoesNotAnswerThenItIsGivenUpAndConnectionsAreServedOn() throws Exception {
		start();
		List<RawHttp> clients = connect(3);
		try (MovingServer.Silence silence = new MovingServer.Silence()) {
			ConnectionMover mover = new ConnectionMover(silence.control(), 100, Duration.ofMillis(200), new Ticker());
			this.first.host().listener().gate().close();
			this.first.host().beginDrain(true);
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThatIOException().isThrownBy(() -> mover.step(List.of(this.first.host()), true))
							.withMessage("the successor did not take connections over within 200 ms"));
			assertThat(this.first.host().connections().total()).isZero();
			clients.get(0).writeGet("/?meanwhile");
			mover.cancel();
			this.first.cancelDrain();
		}
		assertAnswer(clients.get(0).read(), this.first, "meanwhile");
		for (RawHttp client : clients) {
			HttpAnswer next = client.get("/?next");
			assertAnswer(next, this.first, "next");
			assertThat(next.close()).isFalse();
		}
		assertNothingLost(3);
	}

	// -- what stays

	@Test
	void whenFileIsBeingSentThenConnectionMovesAfterwards() throws Exception {
		start();
		Path file = this.directory.resolve("large");
		int size = 32 << 20;
		Files.write(file, new byte[size]);
		try (SocketChannel client = SocketChannel.open()) {
			client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
			client.connect(this.first.host().listener().localAddress());
			write(client, "GET /file?" + file + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			awaitActive(1);
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.host().drained()).isEqualTo(DrainSummary.NONE);
			CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
				try {
					this.first.stepUntil(() -> this.first.host().connections().total() == 0);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			int head = readHead(client);
			assertThat(head).isPositive();
			ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
			for (int left = size; left > 0; left -= buffer.position()) {
				buffer.clear().limit(Math.min(left, buffer.capacity()));
				assertThat(client.read(buffer)).isPositive();
			}
			moving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(this.first.host().drained().moved()).isOne();
			write(client, "GET /?next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			assertThat(new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.ISO_8859_1))
				.contains("second next ");
		}
		this.first.cancelDrain();
		assertNothingLost(0);
	}

	private static void write(SocketChannel client, String text) throws IOException {
		OutputStream out = Channels.newOutputStream(client);
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static int readHead(SocketChannel client) throws IOException {
		StringBuilder head = new StringBuilder();
		ByteBuffer one = ByteBuffer.allocate(1);
		while (head.indexOf("\r\n\r\n") < 0) {
			assertThat(client.read(one.clear())).isOne();
			head.append((char) one.get(0));
		}
		return head.length();
	}

	@Test
	void whenRequestIsAsynchronousThenConnectionMovesAfterwards() throws Exception {
		start();
		RawHttp client = connect();
		client.writeGet("/async?waiting");
		awaitActive(1);
		this.first.beginDrain(this.second.capacity());
		steps(STEPS);
		assertThat(this.first.host().drained()).isEqualTo(DrainSummary.NONE);
		this.first.servlet().release();
		HttpAnswer answer = client.read();
		assertAnswer(answer, this.first, "waiting");
		assertThat(answer.close()).isFalse();
		this.first.stepUntil(() -> this.first.host().connections().total() == 0);
		this.first.cancelDrain();
		assertAnswer(client.get("/?next"), this.second, "next");
		assertNothingLost(1);
	}

	@Test
	void whenConnectionWasUpgradedThenItStays() throws Exception {
		start();
		try (SocketChannel client = SocketChannel.open(this.first.host().listener().localAddress())) {
			write(client, "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
			assertThat(readHead(client)).isPositive();
			assertEchoes(client);
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.host().connections().total()).isOne();
			assertThat(this.first.host().drained()).isEqualTo(DrainSummary.NONE);
			assertEchoes(client);
			this.first.cancelDrain();
			assertEchoes(client);
		}
		assertNothingLost(0);
	}

	private static void assertEchoes(SocketChannel client) throws IOException {
		write(client, "x");
		assertThat(client.read(ByteBuffer.allocate(1))).isOne();
	}

	@Test
	void whenConnectionIsEncryptedThenItStaysAndIsTold() throws Exception {
		start(TestTls.in(this.directory));
		try (RawHttp client = RawHttp.connect(this.first.port(), true, PATIENCE)) {
			assertAnswer(client.get("/?1"), this.first, "1");
			this.first.beginDrain(this.second.capacity());
			steps(STEPS);
			assertThat(this.first.host().drained()).isEqualTo(DrainSummary.NONE);
			HttpAnswer last = client.get("/?2");
			assertAnswer(last, this.first, "2");
			assertThat(last.close()).isTrue();
			assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			this.first.cancelDrain();
		}
		assertNothingLost(0);
	}

	// -- both

	private void steps(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			this.first.step();
		}
	}

	private void awaitActive(int count) {
		await().atMost(PATIENCE).until(() -> this.first.host().connections().active() == count);
	}

	private void awaitCounted(int count) {
		await().atMost(PATIENCE).until(() -> this.first.countedConnections() == count);
	}

}
