package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;

/**
 * An NIO channel that a thread of its own accepts from.
 */
public final class SelectorSocket implements ListeningSocket {

	/**
	 * The most clients to turn away that connect while the socket is being closed.
	 */
	private static final int CROWD = 10_000;

	private final ServerSocketChannel channel;

	private final SocketAddress localAddress;

	private final SelectorGate gate;

	private SelectorSocket(ServerSocketChannel channel, SocketAddress localAddress) throws IOException {
		this.channel = channel;
		this.localAddress = localAddress;
		this.gate = new SelectorGate(channel);
	}

	/**
	 * Return the socket of a channel that is bound.
	 * @param channel the channel, which is closed if this fails
	 * @return the socket
	 * @throws IOException if a system call failed
	 */
	public static SelectorSocket of(ServerSocketChannel channel) throws IOException {
		return create(channel, channel.getLocalAddress());
	}

	/**
	 * Make a channel of a descriptor.
	 * @param descriptor the descriptor, which is consumed
	 * @param localAddress the address of its socket
	 * @return the socket
	 * @throws IOException if a system call failed
	 */
	public static SelectorSocket inherit(Descriptor descriptor, SocketAddress localAddress) throws IOException {
		return create(Descriptors.adoptListening(descriptor, scratch(localAddress)), localAddress);
	}

	private static SelectorSocket create(ServerSocketChannel channel, SocketAddress localAddress) throws IOException {
		try {
			return new SelectorSocket(channel, localAddress);
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * The directory of the service's own socket comes last: no other file should appear
	 * there, but its path is certainly short enough, and this user may write there.
	 */
	private static List<Path> scratch(SocketAddress localAddress) {
		Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
		Path own = (localAddress instanceof UnixDomainSocketAddress unix) ? unix.getPath().toAbsolutePath().getParent()
				: null;
		return (own != null) ? List.of(temporary, own) : List.of(temporary);
	}

	@Override
	public SocketAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public SelectorGate gate() {
		return this.gate;
	}

	@Override
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	@Override
	public boolean turnAway() throws IOException {
		int clients = 0;
		while (clients < CROWD) {
			try (SocketChannel client = this.channel.accept()) {
				if (client == null) {
					break;
				}
				clients++;
			}
		}
		return clients > 0;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
