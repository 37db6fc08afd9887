package io.github.gracefulrestart.tomcat;

import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Notices a connection that the kernel has handed out twice, as some Linux kernels do.
 * Tomcat checks it in the method that the accept gate replaces, in the same way: two
 * connections of one address within a microsecond cannot be anything else.
 */
final class DuplicateAccept {

	private static final long CLOSE = 1000;

	private @Nullable SocketAddress lastAddress;

	private long lastTime;

	/**
	 * Check a connection. To be called by the acceptor only.
	 * @param address the address of the client
	 * @param nanoTime when the connection was accepted
	 * @return whether it is served already
	 */
	boolean isDuplicate(SocketAddress address, long nanoTime) {
		if (address.equals(this.lastAddress) && nanoTime - this.lastTime < CLOSE) {
			return true;
		}
		this.lastAddress = address;
		this.lastTime = nanoTime;
		return false;
	}

}
