package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;

/**
 * Passes listeners through a socket, as from one process to another.
 */
final class Passing implements InheritedListeners {

	static final ListenerKey KEY = ListenerKey.tcp("server",
			new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

	private final Map<ListenerKey, Descriptor> offered = new HashMap<>();

	void offer(Listener listener, Path directory) throws IOException {
		this.offered.put(listener.key(), pass(listener, directory));
	}

	@Override
	public Descriptor take(ListenerKey key) {
		return this.offered.remove(key);
	}

	private static Descriptor pass(Listener listener, Path directory) throws IOException {
		Path path = directory.resolve("control");
		try (DescriptorServer server = DescriptorServer.bind(path);
				DescriptorChannel sender = DescriptorChannel.connect(path);
				DescriptorChannel receiver = server.accept()) {
			sender.send(ByteBuffer.allocateDirect(1), List.of(listener.descriptor()));
			List<Descriptor> received = new ArrayList<>();
			receiver.receive(ByteBuffer.allocateDirect(1), received);
			return received.get(0);
		}
		finally {
			Files.delete(path);
		}
	}

}
