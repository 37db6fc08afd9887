package io.github.gracefulrestart.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.github.gracefulrestart.posix.Descriptors;

/**
 * One listening socket of this JVM and its gate.
 *
 * @since 0.1.0
 */
public final class Listener implements Closeable {

	private final ListenerKey key;

	private final ServerSocketChannel channel;

	private final SocketAddress localAddress;

	private final boolean inherited;

	private final AcceptGate gate;

	Listener(ListenerKey key, ServerSocketChannel channel, SocketAddress localAddress, boolean inherited, boolean open)
			throws IOException {
		this.key = key;
		this.channel = channel;
		this.localAddress = localAddress;
		this.inherited = inherited;
		this.gate = new AcceptGate(channel, open);
	}

	/**
	 * Return what this listener is known by in every generation.
	 * @return the key
	 */
	public ListenerKey key() {
		return this.key;
	}

	/**
	 * Return the address that clients connect to. The channel of an inherited listener
	 * names its placeholder instead.
	 * @return the true local address
	 */
	public SocketAddress localAddress() {
		return this.localAddress;
	}

	/**
	 * Return whether the socket came from a predecessor.
	 * @return {@code true} if it did
	 */
	public boolean isInherited() {
		return this.inherited;
	}

	/**
	 * Return the switch that says whether this JVM takes connections.
	 * @return the gate
	 */
	public AcceptGate gate() {
		return this.gate;
	}

	/**
	 * Return whether the listener is open, whatever its gate says.
	 * @return {@code true} until {@link #close()}
	 */
	public boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Find the descriptor of the socket, which this listener keeps owning.
	 * @return the descriptor's number
	 * @throws IOException if it cannot be found
	 */
	public int descriptor() throws IOException {
		return Descriptors.ofListening(this.localAddress);
	}

	/**
	 * Stop accepting for good and close this process's descriptor of the socket. Another
	 * process that shares the socket is not affected.
	 */
	@Override
	public void close() throws IOException {
		this.gate.release();
		this.channel.close();
	}

	@Override
	public String toString() {
		return this.key.toString();
	}

}
