package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;

/**
 * Listens as a web server does that accepts on an event loop, and makes its own channel
 * of a descriptor.
 */
final class EventLoopTransport implements Transport {

	private final EventLoop loop;

	EventLoopTransport(EventLoop loop) {
		this.loop = loop;
	}

	@Override
	public ListeningSocket bind() throws IOException {
		return listen(ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), EventLoop.BACKLOG));
	}

	@Override
	public ListeningSocket inherit(Descriptor descriptor, SocketAddress localAddress) throws IOException {
		return listen(Descriptors.adoptListening(descriptor, List.of(Path.of(System.getProperty("java.io.tmpdir")))),
				localAddress);
	}

	private ListeningSocket listen(ServerSocketChannel channel) throws IOException {
		return listen(channel, channel.getLocalAddress());
	}

	private ListeningSocket listen(ServerSocketChannel channel, SocketAddress localAddress) throws IOException {
		AcceptGate gate = this.loop.register(channel);
		return new ListeningSocket() {

			@Override
			public SocketAddress localAddress() {
				return localAddress;
			}

			@Override
			public AcceptGate gate() {
				return gate;
			}

			@Override
			public boolean isOpen() {
				return channel.isOpen();
			}

			@Override
			public boolean turnAway() {
				throw new IllegalStateException("only sockets with a file are asked");
			}

			@Override
			public void close() throws IOException {
				channel.close();
			}

		};
	}

}
