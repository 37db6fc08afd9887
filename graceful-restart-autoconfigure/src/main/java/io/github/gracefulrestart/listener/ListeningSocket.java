package io.github.gracefulrestart.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * A listening socket in the form in which a web server accepts from it: an NIO channel,
 * or the channel that a native transport makes of a descriptor.
 */
public interface ListeningSocket extends Closeable {

	/**
	 * Return the address that clients connect to.
	 * @return the true local address, also where the channel itself names another one
	 */
	SocketAddress localAddress();

	/**
	 * Return the switch that says whether this JVM takes connections from the socket.
	 * @return the gate
	 */
	AcceptGate gate();

	/**
	 * Return whether the socket is open, whatever its gate says.
	 * @return {@code true} until {@link #close()}
	 */
	boolean isOpen();

	/**
	 * Accept and close the connections that wait in the queue, without regard to the
	 * gate. Only called when the gate has been {@linkplain AcceptGate#release()
	 * released}.
	 * @return whether anything waited there
	 * @throws IOException if the kernel hands out no connection
	 */
	boolean turnAway() throws IOException;

	/**
	 * Close this process's descriptor of the socket, and nothing else: another process
	 * may go on to accept from it.
	 */
	@Override
	void close() throws IOException;

}
