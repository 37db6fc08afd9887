package io.github.gracefulrestart.tomcat;

import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Notices a connection that the kernel has handed out twice, as some Linux kernels do.
 * Tomcat looks for it in the method that the accept gate replaces, and in the same way:
 * two of one address within a microsecond can be nothing else.
 */
final class DuplicateAccept {

	private static final long CLOSE = 1000;

	private @Nullable SocketAddress lastAddress;

	private long lastTime;

	/**
	 * Look at a connection. To be called by the acceptor only.
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
