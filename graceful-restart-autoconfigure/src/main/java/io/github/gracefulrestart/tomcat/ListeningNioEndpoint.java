package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.SelectorGate;
import org.apache.tomcat.util.net.Acceptor.AcceptorState;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * An NIO endpoint whose server socket is a {@link Listener}, possibly inherited.
 * <p>
 * What differs from Tomcat's: accepting never blocks in the kernel; nothing connects to
 * the own port to wake the acceptor, since another process might take that connection;
 * the gate is closed before the endpoint is paused, so that no accepted connection is
 * dropped; and the path of a Unix domain socket stays while a successor serves on it.
 */
abstract class ListeningNioEndpoint extends NioEndpoint {

	/**
	 * How long to wait for the acceptor to notice, in nanoseconds.
	 */
	private static final long ACCEPTOR_TURN = 1_000_000;

	private static final long UNLOCK_PATIENCE = 1_000_000_000;

	private final DuplicateAccept duplicates = new DuplicateAccept();

	/**
	 * Without one the endpoint is as Tomcat makes it.
	 */
	private @Nullable EndpointListener own;

	/**
	 * Set the source of listeners.
	 * @param source opens them
	 * @param name the name of this endpoint's
	 * @param opened told of each that is opened
	 */
	void useListeners(Listeners source, String name, Consumer<Listener> opened) {
		this.own = new EndpointListener(source, name, this::bindServerSocket, opened);
	}

	@Override
	protected void initServerSocket() throws Exception {
		EndpointListener current = this.own;
		if (current == null) {
			super.initServerSocket();
			return;
		}
		current.open(key(current.name()), getAcceptCount());
	}

	/**
	 * Bind as this version of Tomcat does, including its checks and settings.
	 */
	private ServerSocketChannel bindServerSocket() throws IOException {
		try {
			super.initServerSocket();
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
		if (super.getServerSocket() instanceof ServerSocketChannel channel) {
			return channel;
		}
		throw new IllegalStateException("Tomcat has bound no server socket channel");
	}

	private ListenerKey key(String name) {
		String path = getUnixDomainSocketPath();
		return (path != null) ? ListenerKey.unix(name, Path.of(path)) : ListenerKey.tcp(name, configuredAddress());
	}

	private InetSocketAddress configuredAddress() {
		return (getAddress() != null) ? new InetSocketAddress(getAddress(), getPortWithOffset())
				: new InetSocketAddress(getPortWithOffset());
	}

	/**
	 * Return the gate that the acceptor waits at, or {@code null} if Tomcat's own socket
	 * is open, or none yet.
	 */
	private @Nullable SelectorGate gate() {
		EndpointListener current = this.own;
		return (current != null) ? current.gate() : null;
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		EndpointListener current = this.own;
		if (current == null || current.gate() == null) {
			return super.getServerSocket();
		}
		Listener listener = current.listener();
		return (listener != null) ? new ListenerChannel(listener) : null;
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		SelectorGate current = gate();
		if (current == null) {
			return super.serverSocketAccept();
		}
		SocketChannel accepted = current.accept();
		if (accepted != null && isDuplicate(accepted)) {
			current.delivered();
			throw new IOException(sm.getString("endpoint.err.duplicateAccept"));
		}
		return accepted;
	}

	private boolean isDuplicate(SocketChannel accepted) throws IOException {
		if (getUnixDomainSocketPath() != null) {
			return false;
		}
		SocketAddress address = accepted.getRemoteAddress();
		return address != null && this.duplicates.isDuplicate(address, System.nanoTime());
	}

	@Override
	protected boolean setSocketOptions(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return true;
		}
		try {
			return serve(socket);
		}
		finally {
			delivered();
		}
	}

	/**
	 * Serve a connection that has just been accepted.
	 * @param accepted the connection, which has been counted
	 * @return whether it is served, or has been closed already
	 */
	protected abstract boolean serve(SocketChannel accepted);

	@Override
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return;
		}
		super.destroySocket(socket);
		delivered();
	}

	/**
	 * Close a connection that could not be served. It may not have come from the
	 * acceptor, which the caller tells.
	 */
	final void destroyUnserved(SocketChannel socket) {
		super.destroySocket(socket);
	}

	private void delivered() {
		SelectorGate current = gate();
		if (current != null) {
			current.delivered();
		}
	}

	/**
	 * As Tomcat's, returns when the acceptor has noticed, or after a second.
	 */
	@Override
	protected void unlockAccept() {
		SelectorGate current = gate();
		if (current == null) {
			super.unlockAccept();
			return;
		}
		long start = System.nanoTime();
		current.interrupt();
		while (this.acceptor != null && this.acceptor.getState() == AcceptorState.RUNNING
				&& System.nanoTime() - start < UNLOCK_PATIENCE) {
			LockSupport.parkNanos(ACCEPTOR_TURN);
		}
	}

	/**
	 * A connector may stay bound while it is stopped, and each start begins unpaused.
	 */
	@Override
	public void startInternal() throws Exception {
		resumeGate();
		super.startInternal();
	}

	@Override
	public void pause() {
		SelectorGate current = gate();
		if (current != null) {
			current.pause();
		}
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		resumeGate();
	}

	private void resumeGate() {
		SelectorGate current = gate();
		if (current != null) {
			current.resume();
		}
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		if (gate() == null) {
			// Tomcat's own socket, or one that could not be bound
			super.doCloseServerSocket();
		}
		closeListener(false);
	}

	/**
	 * Close the listener.
	 * @param inherited whether a successor serves on the same socket
	 */
	void closeListener(boolean inherited) throws IOException {
		EndpointListener current = this.own;
		if (current != null) {
			current.close(inherited);
		}
	}

}
