package io.github.gracefulrestart.host;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;

/**
 * A Unix domain socket from which no process accepts, as clients see it.
 */
public final class UnixListener {

	private static final String PERMISSIONS = "rwx------";

	private final Path path;

	private final ListenerKey key;

	private final ServerSocketChannel channel;

	private final Listener listener;

	/**
	 * Bind.
	 * @param path where
	 * @param backlog how many clients may wait
	 */
	public UnixListener(Path path, int backlog) throws IOException {
		this.path = path;
		this.key = ListenerKey.unix("unix", path);
		this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.listener = new Listeners(null, true).open(this.key, backlog,
				new TestTransport(() -> this.channel.bind(UnixDomainSocketAddress.of(path), backlog)));
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PERMISSIONS));
	}

	public Listener listener() {
		return this.listener;
	}

	ListenerKey key() {
		return this.key;
	}

	/**
	 * Inherit it in this JVM, with a descriptor that went through a socket.
	 * @param scratch where to connect
	 * @param received gets the descriptor, which the listeners take from there
	 * @param listeners of which it becomes one
	 * @param backlog how many clients may wait
	 */
	public Listener inherit(Path scratch, List<Descriptor> received, Listeners listeners, int backlog)
			throws IOException {
		try (DescriptorServer server = DescriptorServer.bind(scratch);
				DescriptorChannel sender = DescriptorChannel.connect(scratch);
				DescriptorChannel receiver = server.accept()) {
			sender.send(ByteBuffer.allocateDirect(1), List.of(this.listener.descriptor()));
			receiver.receive(ByteBuffer.allocateDirect(1), received);
		}
		return listeners.open(this.key, backlog, new TestTransport(() -> {
			throw new IOException("taken");
		}));
	}

	/**
	 * Return the state that all processes share, as clients see it: who may connect, and
	 * how many clients can wait. No client is left waiting at the end.
	 * @return a text, or {@code "gone"}
	 */
	public String state() throws IOException {
		if (!Files.exists(this.path)) {
			return "gone";
		}
		int waiting = 0;
		List<SocketChannel> clients = new ArrayList<>();
		try {
			while (connect(clients)) {
				waiting++;
			}
		}
		finally {
			for (SocketChannel client : clients) {
				client.close();
			}
		}
		for (int i = 0; i < waiting; i++) {
			this.channel.accept().close();
		}
		// The kernel takes one more than it is told
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(this.path)) + " " + (waiting - 1);
	}

	private boolean connect(List<SocketChannel> clients) throws IOException {
		SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
		clients.add(client);
		client.configureBlocking(false);
		try {
			return client.connect(UnixDomainSocketAddress.of(this.path));
		}
		catch (SocketException ex) {
			// EAGAIN: there is no room
			return false;
		}
	}

}
