package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of this JVM. Each is either inherited from a predecessor or bound afresh.
 * In a successor all gates are closed until it takes over.
 *
 * @since 0.1.0
 */
public final class Listeners {

	private static final Duration LOOK_INTERVAL = Duration.ofNanos(100_000);

	private final List<Listener> open = new CopyOnWriteArrayList<>();

	private final @Nullable InheritedListeners inherited;

	private volatile boolean accepting;

	/**
	 * Create the listeners of a JVM.
	 * @param inherited what the predecessor handed over, or {@code null} if there is no
	 * predecessor and gates are open from the start
	 */
	public Listeners(@Nullable InheritedListeners inherited) {
		this.inherited = inherited;
		this.accepting = inherited == null;
	}

	/**
	 * Open a listener.
	 * @param key what it is known by
	 * @param backlog the length of the queue of connections that wait to be accepted
	 * @param binder binds a new socket, if the predecessor had none
	 * @return the listener
	 * @throws IOException if the socket could neither be inherited nor bound
	 */
	public Listener open(ListenerKey key, int backlog, Binder binder) throws IOException {
		Descriptor descriptor = (this.inherited != null) ? this.inherited.take(key) : null;
		Listener listener = (descriptor != null) ? adopt(key, descriptor, backlog) : bind(key, binder);
		this.open.removeIf((candidate) -> !candidate.isOpen());
		this.open.add(listener);
		return listener;
	}

	private Listener bind(ListenerKey key, Binder binder) throws IOException {
		ServerSocketChannel channel = binder.bind();
		return new Listener(key, channel, channel.getLocalAddress(), false, this.accepting);
	}

	private Listener adopt(ListenerKey key, Descriptor descriptor, int backlog) throws IOException {
		SocketAddress localAddress = Descriptors.localAddress(descriptor.number());
		if (localAddress == null) {
			descriptor.close();
			throw new IOException("what the predecessor handed over as " + key + " is not a socket");
		}
		Descriptors.setBacklog(descriptor.number(), backlog);
		ServerSocketChannel channel = Descriptors.adoptListening(descriptor, scratch(localAddress));
		return new Listener(key, channel, localAddress, true, this.accepting);
	}

	/**
	 * A directory in which a socket's path is short enough and this user may write: where
	 * the inherited one is.
	 */
	private static Path scratch(SocketAddress localAddress) {
		Path directory = (localAddress instanceof UnixDomainSocketAddress unix)
				? unix.getPath().toAbsolutePath().getParent() : null;
		return (directory != null) ? directory : Path.of(System.getProperty("java.io.tmpdir"));
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
	 * Wait until this JVM accepts, and not only may: until the acceptors of all open
	 * gates have woken up, and one of them has taken a connection. Who shared the queues
	 * until now can leave them then without a moment in which nobody accepts.
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
