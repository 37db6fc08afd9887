package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.DescriptorChannel;
import io.github.gracefulrestart.posix.DescriptorServer;

/**
 * Passes a listener through a socket, as from one process to another.
 */
final class Passing {

	private Passing() {
	}

	static Descriptor pass(Listener listener, Path directory) throws IOException {
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
