package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Set;

import io.github.gracefulrestart.listener.Listener;

/**
 * Shows Tomcat the true address of a listener. The channel of an inherited one names the
 * placeholder that it was made from.
 */
final class ListenerChannel implements NetworkChannel {

	private final Listener listener;

	ListenerChannel(Listener listener) {
		this.listener = listener;
	}

	@Override
	public SocketAddress getLocalAddress() {
		return this.listener.localAddress();
	}

	@Override
	public NetworkChannel bind(SocketAddress local) {
		throw new UnsupportedOperationException(this.listener + " is bound already");
	}

	@Override
	public <T> NetworkChannel setOption(SocketOption<T> name, T value) {
		throw new UnsupportedOperationException("options are set before " + this.listener + " is bound");
	}

	@Override
	public <T> T getOption(SocketOption<T> name) {
		throw new UnsupportedOperationException(name + " of " + this.listener + " is not shown");
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	@Override
	public boolean isOpen() {
		return this.listener.isOpen();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
	}

}
