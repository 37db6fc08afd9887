package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.github.gracefulrestart.listener.AcceptGate;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * An NIO endpoint whose server socket is a {@link Listener}, possibly inherited.
 * <p>
 * What differs from Tomcat's: accepting never blocks in the kernel; nothing connects to
 * the own port to wake the acceptor, since another process might take that connection;
 * the gate is closed before the endpoint is paused, so that no accepted connection is
 * dropped; and the path of a Unix domain socket stays while a successor serves on it.
 */
final class RestartableNioEndpoint extends NioEndpoint {

	private @Nullable Listeners listeners;

	private String listenerName = "";

	private volatile @Nullable Listener listener;

	/**
	 * The gate that the acceptor waits at, also after the listener has been closed.
	 */
	private volatile @Nullable AcceptGate gate;

	private boolean gateClosedByPause;

	/**
	 * Say where listeners come from. Until then the endpoint cannot be bound.
	 */
	void useListeners(Listeners source, String name) {
		this.listeners = source;
		this.listenerName = name;
	}

	@Nullable Listener listener() {
		return this.listener;
	}

	@Override
	protected void initServerSocket() throws Exception {
		Listeners source = this.listeners;
		if (source == null) {
			throw new IllegalStateException("this connector was created outside of Spring Boot's web server factory");
		}
		Listener opened = source.open(key(), getAcceptCount(), this::bindServerSocket);
		this.gate = opened.gate();
		this.listener = opened;
	}

	private ListenerKey key() {
		String path = getUnixDomainSocketPath();
		return (path != null) ? ListenerKey.unix(this.listenerName, Path.of(path))
				: ListenerKey.tcp(this.listenerName, configuredAddress());
	}

	private InetSocketAddress configuredAddress() {
		return (getAddress() != null) ? new InetSocketAddress(getAddress(), getPortWithOffset())
				: new InetSocketAddress(getPortWithOffset());
	}

	private ServerSocketChannel bindServerSocket() throws IOException {
		String path = getUnixDomainSocketPath();
		ServerSocketChannel channel = (path != null) ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
				: ServerSocketChannel.open();
		try {
			if (path != null) {
				channel.bind(UnixDomainSocketAddress.of(path), getAcceptCount());
				if (getUnixDomainSocketPathPermissions() != null) {
					Files.setPosixFilePermissions(Path.of(path),
							PosixFilePermissions.fromString(getUnixDomainSocketPathPermissions()));
				}
			}
			else {
				this.socketProperties.setProperties(channel.socket());
				channel.bind(configuredAddress(), getAcceptCount());
			}
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		Listener current = this.listener;
		return (current != null) ? new ListenerChannel(current) : null;
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		AcceptGate current = this.gate;
		return (current != null) ? current.accept() : null;
	}

	@Override
	protected boolean setSocketOptions(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return true;
		}
		try {
			return super.setSocketOptions(socket);
		}
		finally {
			delivered();
		}
	}

	@Override
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return;
		}
		super.destroySocket(socket);
		delivered();
	}

	private void delivered() {
		AcceptGate current = this.gate;
		if (current != null) {
			current.delivered();
		}
	}

	@Override
	protected void unlockAccept() {
		AcceptGate current = this.gate;
		if (current != null) {
			current.interrupt();
		}
	}

	@Override
	public void pause() {
		AcceptGate current = this.gate;
		if (current != null && current.isOpen()) {
			current.close();
			this.gateClosedByPause = true;
		}
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		AcceptGate current = this.gate;
		if (current != null && this.gateClosedByPause) {
			this.gateClosedByPause = false;
			current.open();
		}
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		closeListener(false);
	}

	/**
	 * Close the listener.
	 * @param inherited whether a successor serves on the same socket, and so on its path
	 */
	void closeListener(boolean inherited) throws IOException {
		Listener current = this.listener;
		this.listener = null;
		if (current == null) {
			return;
		}
		current.close();
		if (current.key().isUnix() && !inherited) {
			Files.deleteIfExists(Path.of(getUnixDomainSocketPath()));
		}
	}

	Iterable<SocketWrapperBase<NioChannel>> openConnections() {
		return getConnections();
	}

}
