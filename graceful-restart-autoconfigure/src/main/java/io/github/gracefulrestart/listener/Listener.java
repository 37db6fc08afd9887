package io.github.gracefulrestart.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;

import io.github.gracefulrestart.posix.Descriptors;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket of this JVM and its gate. The socket may be shared with a
 * predecessor and a successor: they share its options and the file of a Unix domain
 * socket. So a JVM that has inherited it changes nothing before it serves, and deletes
 * nothing before it serves alone.
 */
public final class Listener implements Closeable {

	/**
	 * The length that the JDK uses if none is given.
	 */
	private static final int DEFAULT_BACKLOG = 50;

	private final ListenerKey key;

	private final ListeningSocket socket;

	private final int backlog;

	private final boolean inherited;

	private final HeldListeners held;

	private final @Nullable SocketFile file;

	private volatile boolean fileOwned;

	/**
	 * Create a listener.
	 * @param key its key in every generation
	 * @param socket the socket
	 * @param backlog the length of its queue, or 0 for the default
	 * @param inherited whether the socket was there before this JVM
	 * @param held says whether it will be there after it
	 */
	Listener(ListenerKey key, ListeningSocket socket, int backlog, boolean inherited, HeldListeners held) {
		this.key = key;
		this.socket = socket;
		this.backlog = (backlog > 0) ? backlog : DEFAULT_BACKLOG;
		this.inherited = inherited;
		this.held = held;
		this.fileOwned = !inherited;
		this.file = SocketFile.of(socket.localAddress());
	}

	/**
	 * Return the key of this listener, which is the same in every generation.
	 * @return the key
	 */
	public ListenerKey key() {
		return this.key;
	}

	/**
	 * Return the address that clients connect to.
	 * @return the true local address
	 */
	public SocketAddress localAddress() {
		return this.socket.localAddress();
	}

	/**
	 * Return whether the socket was there before this JVM: it came from a predecessor, or
	 * from what has started the service.
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
		return this.socket.gate();
	}

	/**
	 * Return whether the listener is open, whatever its gate says.
	 * @return {@code true} until {@link #close()}
	 */
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	/**
	 * Find the descriptor of the socket, which this listener keeps owning.
	 * @return the descriptor's number
	 * @throws IOException if it cannot be found
	 */
	public int descriptor() throws IOException {
		return Descriptors.ofListening(localAddress());
	}

	/**
	 * Give the queue of connections that wait to be accepted the length that this JVM is
	 * configured with. All processes that share the socket share the queue: to be called
	 * by the process that begins to serve, or serves again.
	 * @throws IOException if the length could not be set; the queue stays as it is
	 */
	public void claimQueue() throws IOException {
		Descriptors.setBacklog(descriptor(), this.backlog);
	}

	/**
	 * From now on this JVM is the only one that serves on the socket, and deletes the
	 * file of the socket when it closes the socket.
	 */
	public void claimFile() {
		this.fileOwned = true;
	}

	/**
	 * Stop accepting, because a successor serves on the socket. While it does, closing
	 * this listener does not delete the file.
	 */
	public void handOver() {
		this.fileOwned = false;
		gate().close();
	}

	/**
	 * Accept again, because there is no successor.
	 */
	public void takeBack() {
		gate().open();
		this.fileOwned = true;
	}

	/**
	 * Stop accepting permanently and close this process's descriptor of the socket. The
	 * other process that serves on the socket is not affected.
	 * @throws IOException if the descriptor could not be closed
	 */
	public void leave() throws IOException {
		this.fileOwned = false;
		close();
	}

	/**
	 * Stop accepting permanently and close this process's descriptor of the socket.
	 * Another process that shares the socket is not affected. If there is none, the file
	 * of a Unix domain socket is deleted, because no process can be reached by it any
	 * longer, unless the socket is held.
	 */
	@Override
	public void close() throws IOException {
		SocketFile owned = (this.fileOwned && isOpen() && !this.held.isHeld(this.key)) ? this.file : null;
		gate().release();
		if (owned != null && this.inherited && !owned.leadsTo(this.socket)) {
			owned = null;
		}
		this.socket.close();
		if (owned != null) {
			owned.delete();
		}
	}

	@Override
	public String toString() {
		return this.key.toString();
	}

}
