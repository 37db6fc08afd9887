package io.github.gracefulrestart.posix;

import java.io.IOException;

/**
 * A TCP connection whose descriptor this process has received. The web server that serves
 * it takes it once, as a channel or as a bare descriptor. What no web server takes, the
 * receiver closes.
 */
public final class ReceivedConnection {

	private final Descriptor descriptor;

	private final SocketPair addresses;

	private final ConnectionAdopter adopter;

	ReceivedConnection(Descriptor descriptor, SocketPair addresses, ConnectionAdopter adopter) {
		this.descriptor = descriptor;
		this.addresses = addresses;
		this.adopter = adopter;
	}

	/**
	 * Return the addresses of both ends.
	 * @return the true addresses
	 */
	public SocketPair addresses() {
		return this.addresses;
	}

	/**
	 * Make an NIO channel of it.
	 * @return the channel, which belongs to the caller
	 * @throws IOException if a system call failed, for example because this process has
	 * reached its limit of open files; the connection stays as it is
	 */
	public AdoptedChannel toChannel() throws IOException {
		return this.adopter.adopt(this.descriptor, this.addresses);
	}

	/**
	 * Take the descriptor, for a transport that makes a channel of its own of one.
	 * @return the number of the descriptor, which the caller closes
	 * @throws PosixException if this connection has been taken already
	 */
	public int takeDescriptor() throws PosixException {
		return this.descriptor.release();
	}

}
