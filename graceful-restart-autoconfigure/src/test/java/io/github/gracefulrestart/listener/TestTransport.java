package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.github.gracefulrestart.posix.Descriptor;

/**
 * Listens as a web server does whose acceptor is a thread.
 */
public final class TestTransport implements Transport {

	private final Binder binder;

	/**
	 * Create one.
	 * @param binder binds
	 */
	public TestTransport(Binder binder) {
		this.binder = binder;
	}

	/**
	 * Return one that binds to any free port of the loopback interface.
	 * @return the transport
	 */
	public static TestTransport loopback() {
		return new TestTransport(
				() -> ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
	}

	@Override
	public ListeningSocket bind() throws IOException {
		return SelectorSocket.of(this.binder.bind());
	}

	@Override
	public ListeningSocket inherit(Descriptor descriptor, SocketAddress localAddress) throws IOException {
		return SelectorSocket.inherit(descriptor, localAddress);
	}

	/**
	 * Binds a new listening socket.
	 */
	public interface Binder {

		/**
		 * Bind.
		 * @return a bound channel
		 * @throws IOException if binding failed
		 */
		ServerSocketChannel bind() throws IOException;

	}

}
