package io.github.gracefulrestart.successor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.handover.Dialect;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.host.IdleHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.posix.ReceivedConnection;
import io.github.gracefulrestart.posix.SocketPair;
import jnr.enxio.channels.NativeSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Connections for servers that make of a descriptor what they serve. The sender is this
 * JVM, and keeps its own descriptors.
 */
class ConnectionReceiverTests {

	private static final ListenerKey KEY = new ListenerKey("server", "127.0.0.1:0");

	@TempDir
	private Path directory;

	private final ListenerHosts hosts = new ListenerHosts();

	private final List<SocketChannel> clients = new ArrayList<>();

	private final List<SocketChannel> senders = new ArrayList<>();

	private Listener listener;

	private ConnectionReceiver receiver;

	@BeforeEach
	void listen() throws IOException {
		this.listener = new Listeners(null, true).open(KEY, 1, TestTransport.loopback());
		this.receiver = new ConnectionReceiver(this.hosts, this.directory);
	}

	@AfterEach
	void close() throws IOException {
		this.receiver.close();
		this.listener.close();
		for (SocketChannel channel : this.clients) {
			channel.close();
		}
		for (SocketChannel channel : this.senders) {
			channel.close();
		}
	}

	@Test
	void whenAServerMakesItsOwnChannelOfADescriptorThenItServesTheConnection() throws Exception {
		List<NativeSocketChannel> served = new ArrayList<>();
		this.hosts.add(host((connection) -> {
			assertThat(connection.addresses().remote()).isEqualTo(this.clients.get(0).getLocalAddress());
			served.add(new NativeSocketChannel(connection.takeDescriptor()));
			return null;
		}));
		Adopted answer = receive(1);
		assertThat(answer.refused()).isEmpty();
		this.senders.get(0).close();
		ByteBuffer buffer = ByteBuffer.allocateDirect(2);
		this.clients.get(0).write(ByteBuffer.wrap(new byte[] { 1, 2 }));
		try (NativeSocketChannel channel = served.get(0)) {
			assertThat(channel.read(buffer)).isEqualTo(2);
			channel.write(buffer.flip());
		}
		assertThat(this.clients.get(0).read(buffer.clear())).isEqualTo(2);
		assertThat(this.clients.get(0).read(buffer.clear())).as("closed by the server").isNegative();
	}

	@Test
	void whenOneConnectionCannotBeTakenThenTheOthersAreServed() throws Exception {
		List<SocketChannel> served = new ArrayList<>();
		int[] offered = new int[1];
		this.hosts.add(host((connection) -> {
			if (offered[0]++ == 1) {
				throw new IOException("no room");
			}
			served.add(connection.toChannel().channel());
			return null;
		}));
		Adopted answer = receive(3);
		assertThat(answer.refused()).containsExactly(1);
		assertThat(answer.reason()).isEqualTo("no room");
		this.clients.get(2).write(ByteBuffer.wrap(new byte[] { 3 }));
		ByteBuffer buffer = ByteBuffer.allocate(1);
		served.get(1).read(buffer);
		assertThat(buffer.get(0)).isEqualTo((byte) 3);
		assertClosedHere(1);
		for (SocketChannel channel : served) {
			channel.close();
		}
	}

	/**
	 * Its thread goes on with other messages.
	 */
	@Test
	void whenAServerFailsThenNoDescriptorStays() throws Exception {
		this.hosts.add(host((connection) -> {
			throw new IllegalStateException("no server");
		}));
		assertThatIllegalStateException().isThrownBy(() -> receive(2)).withMessage("no server");
		assertClosedHere(0);
		assertClosedHere(1);
	}

	/**
	 * The sender serves it on, which nothing that was done here may keep it from.
	 */
	private void assertClosedHere(int index) throws IOException {
		SocketChannel sender = this.senders.get(index);
		SocketPair addresses = new SocketPair((InetSocketAddress) sender.getLocalAddress(),
				(InetSocketAddress) sender.getRemoteAddress());
		this.clients.get(index).write(ByteBuffer.wrap(new byte[] { 9 }));
		assertThat(sender.read(ByteBuffer.allocate(1))).isOne();
		sender.close();
		assertThat(Descriptors.ofConnections()).doesNotContainKey(addresses);
	}

	private Adopted receive(int count) throws IOException {
		List<Descriptor> descriptors = new ArrayList<>();
		List<ConnectionState> states = new ArrayList<>();
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			for (int i = 0; i < count; i++) {
				this.clients.add(SocketChannel.open(server.getLocalAddress()));
				SocketChannel accepted = server.accept();
				this.senders.add(accepted);
				descriptors.add(copy(accepted));
				states.add(new ConnectionState(Duration.ZERO, 1));
			}
		}
		Connections message = new Connections(1, KEY, states);
		return this.receiver.receive(message, new ReceivedMessage(Dialect.OWN.version(), message, descriptors));
	}

	private Descriptor copy(SocketChannel channel) throws IOException {
		SocketPair addresses = new SocketPair((InetSocketAddress) channel.getLocalAddress(),
				(InetSocketAddress) channel.getRemoteAddress());
		Path path = this.directory.resolve("control" + this.senders.size());
		List<Descriptor> received = new ArrayList<>();
		try (DescriptorServer server = DescriptorServer.bind(path);
				DescriptorChannel sender = DescriptorChannel.connect(path);
				DescriptorChannel copies = server.accept()) {
			sender.send(ByteBuffer.allocateDirect(1), List.of(Descriptors.ofConnections().get(addresses)));
			copies.receive(ByteBuffer.allocateDirect(1), received);
		}
		return received.get(0);
	}

	private IdleHost host(Server server) {
		return new IdleHost(this.listener) {

			@Override
			public String adopt(ReceivedConnection connection, ConnectionState state) throws IOException {
				return server.serve(connection);
			}

		};
	}

	@FunctionalInterface
	private interface Server {

		String serve(ReceivedConnection connection) throws IOException;

	}

}
