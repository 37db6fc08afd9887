package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Consumer;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.ListeningSocket;
import io.github.gracefulrestart.listener.SelectorGate;
import io.github.gracefulrestart.listener.SelectorSocket;
import io.github.gracefulrestart.listener.Transport;
import io.github.gracefulrestart.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that an endpoint opens, one after the other: it may be bound again each
 * time that its connector is started.
 */
final class EndpointListener implements Transport {

	private final Listeners listeners;

	private final String name;

	private final Binder binder;

	private final Consumer<Listener> opened;

	private volatile @Nullable Listener listener;

	/**
	 * The gate at which the acceptor waits, even after the listener has been closed.
	 */
	private volatile @Nullable SelectorGate gate;

	/**
	 * Create a holder without a listener.
	 * @param listeners opens listeners
	 * @param name the name of the listener
	 * @param binder binds as Tomcat does
	 * @param opened told of each listener that is opened
	 */
	EndpointListener(Listeners listeners, String name, Binder binder, Consumer<Listener> opened) {
		this.listeners = listeners;
		this.name = name;
		this.binder = binder;
		this.opened = opened;
	}

	String name() {
		return this.name;
	}

	/**
	 * Open a listener.
	 * @param key its key in every generation
	 * @param backlog the length of its queue
	 */
	void open(ListenerKey key, int backlog) throws IOException {
		this.gate = null;
		Listener current = this.listeners.open(key, backlog, this);
		this.listener = current;
		this.opened.accept(current);
	}

	@Override
	public ListeningSocket bind() throws IOException {
		return use(SelectorSocket.of(this.binder.bind()));
	}

	@Override
	public ListeningSocket inherit(Descriptor descriptor, SocketAddress localAddress) throws IOException {
		return use(SelectorSocket.inherit(descriptor, localAddress));
	}

	private SelectorSocket use(SelectorSocket socket) {
		this.gate = socket.gate();
		return socket;
	}

	/**
	 * Return the listener, if one is open.
	 */
	@Nullable Listener listener() {
		return this.listener;
	}

	/**
	 * Return the gate of the listener that was opened last, if the last attempt to open
	 * one succeeded.
	 */
	@Nullable SelectorGate gate() {
		return this.gate;
	}

	/**
	 * Close the listener, if one is open.
	 * @param inherited whether a successor serves on the same socket
	 */
	void close(boolean inherited) throws IOException {
		Listener current = this.listener;
		this.listener = null;
		if (current == null) {
			return;
		}
		if (inherited) {
			current.leave();
		}
		else {
			current.close();
		}
	}

	/**
	 * Binds a new listening socket.
	 */
	interface Binder {

		/**
		 * Bind.
		 * @return a bound channel
		 * @throws IOException if binding failed
		 */
		ServerSocketChannel bind() throws IOException;

	}

}
