package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What a successor does not take, which stays where it is.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionRefusalTests extends TwoServers {

	@Test
	void whenSuccessorHasNoRoomThenTheOthersStayAndAreTold(CapturedOutput output) throws Exception {
		join(MovingServer.start("first"), MovingServer.start("second", property("maxConnections", 4)));
		List<RawHttp> clients = connect(10);
		await().atMost(PATIENCE).until(() -> this.first.host().connections().idle() == 10);
		this.first.beginDrain(this.second.capacity());
		this.first.stepUntil(() -> this.first.drain().summary().moved() > 0);
		long moved = this.first.drain().summary().moved();
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
		assertThat(this.first.drain().summary()).isEqualTo(new DrainSummary(3, 7, 0, 0, 0));
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
				taken.addAll(this.first.drain().detach(2 - taken.size(), true));
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
			List<ConnectionState> states = List.of(new ConnectionState(Duration.ZERO, 1),
					new ConnectionState(Duration.ZERO, 1));
			this.first.control()
				.send(new Connections(7, new ListenerKey("server", "127.0.0.1:0"), states),
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
		List<ConnectionState> states = new ArrayList<>();
		descriptors.forEach((descriptor) -> states.add(new ConnectionState(Duration.ZERO, 100)));
		this.first.control().send(new Connections(1, new ListenerKey(name, address), states), descriptors);
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
			this.first.beginDrain(true);
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThatIOException().isThrownBy(() -> mover.step(List.of(this.first.drain()), true))
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

}
