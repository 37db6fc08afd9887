package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of this JVM. Each is either inherited from a predecessor or bound afresh.
 * In a successor all gates are closed until it takes over. Until then it changes nothing
 * about the inherited sockets, because the predecessor serves on them, and continues to
 * if the restart fails.
 */
public final class Listeners {

	private static final Duration LOOK_INTERVAL = Duration.ofNanos(100_000);

	private final List<Listener> open = new CopyOnWriteArrayList<>();

	private final @Nullable InheritedListeners inherited;

	private final HeldListeners held;

	private volatile boolean accepting;

	private volatile boolean alone;

	/**
	 * Create the listeners of a JVM.
	 * @param inherited the sockets that another process hands over, or {@code null} if
	 * there is no such process, so that no socket is shared
	 * @param accepting whether gates are open from the start; they are closed while a
	 * predecessor serves
	 */
	public Listeners(@Nullable InheritedListeners inherited, boolean accepting) {
		this(inherited, accepting, HeldListeners.NONE);
	}

	/**
	 * Create the listeners of a JVM.
	 * @param inherited what another process hands over, or {@code null} if nobody does,
	 * so that no socket is shared
	 * @param accepting whether gates are open from the start, which they are not as long
	 * as a predecessor serves
	 * @param held what is open without any process of the service
	 */
	public Listeners(@Nullable InheritedListeners inherited, boolean accepting, HeldListeners held) {
		this.inherited = inherited;
		this.held = held;
		this.accepting = accepting;
		this.alone = inherited == null;
	}

	/**
	 * Open a listener.
	 * @param key what it is known by
	 * @param backlog the length of the queue of connections that wait to be accepted
	 * @param transport binds a new socket, or makes use of one that is there
	 * @return the listener
	 * @throws IOException if the socket could neither be inherited nor bound
	 */
	public Listener open(ListenerKey key, int backlog, Transport transport) throws IOException {
		Descriptor descriptor = (this.inherited != null) ? this.inherited.take(key) : null;
		if (descriptor == null) {
			descriptor = this.held.take(key);
		}
		ListeningSocket socket = (descriptor != null) ? inherit(key, descriptor, transport) : transport.bind();
		Listener listener = new Listener(key, socket, backlog, descriptor != null, this.held);
		this.open.removeIf((candidate) -> !candidate.isOpen());
		this.open.add(listener);
		this.held.opened(listener);
		if (this.alone) {
			listener.claimFile();
		}
		if (this.accepting) {
			listener.gate().open();
		}
		return listener;
	}

	private static ListeningSocket inherit(ListenerKey key, Descriptor descriptor, Transport transport)
			throws IOException {
		SocketAddress localAddress = Descriptors.localAddress(descriptor.number());
		if (localAddress == null) {
			descriptor.close();
			throw new IOException("what was handed over as " + key + " is not a socket");
		}
		return transport.inherit(descriptor, localAddress);
	}

	/**
	 * Return the listeners that are open, in the order in which they were opened.
	 * @return the listeners
	 */
	public List<Listener> all() {
		return this.open.stream().filter(Listener::isOpen).toList();
	}

	/**
	 * Open all gates, those of listeners that are opened later included.
	 */
	public void openGates() {
		this.accepting = true;
		this.open.forEach((listener) -> listener.gate().open());
	}

	/**
	 * Close all gates, those of listeners that are opened later included. Returns when no
	 * acceptor takes another connection.
	 */
	public void closeGates() {
		this.accepting = false;
		this.open.forEach((listener) -> listener.gate().close());
	}

	/**
	 * Set the queues of inherited listeners to the length that this JVM is configured
	 * with. To be called when the gates have been opened.
	 * @throws IOException if one could not be set; it stays as it is
	 */
	public void claimQueues() throws IOException {
		for (Listener listener : this.open) {
			if (listener.isInherited()) {
				listener.claimQueue();
			}
		}
	}

	/**
	 * Note that no other process serves on the inherited sockets any more, because the
	 * predecessor has exited or is exiting.
	 */
	public void serveAlone() {
		this.alone = true;
		this.open.forEach(Listener::claimFile);
	}

	/**
	 * Wait until this JVM really accepts: until the acceptors of all open gates have
	 * woken up, and one of them has taken a connection. Then the predecessor can stop
	 * accepting without a moment in which no process accepts.
	 * @param patience how long to wait at most, because there may be no client
	 * @return whether a connection was taken
	 */
	public boolean awaitFirstConnection(Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		this.open.forEach((listener) -> listener.gate().awaitAcceptor(Duration.ofNanos(end - System.nanoTime())));
		while (!this.open.isEmpty() && !hasAccepted() && end - System.nanoTime() > 0) {
			LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
		}
		return hasAccepted();
	}

	private boolean hasAccepted() {
		return this.open.stream().anyMatch((listener) -> listener.gate().firstAcceptedAt() != 0);
	}

}
