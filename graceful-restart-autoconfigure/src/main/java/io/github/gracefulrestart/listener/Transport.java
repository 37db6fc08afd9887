package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;

import io.github.gracefulrestart.posix.Descriptor;

/**
 * Makes listening sockets in the form in which a web server accepts from them. Gates are
 * closed at first.
 */
public interface Transport {

	/**
	 * Bind a new socket, because the predecessor had none.
	 * @return the socket
	 * @throws IOException if binding failed
	 */
	ListeningSocket bind() throws IOException;

	/**
	 * Accept from a socket that is bound and listens already.
	 * @param descriptor its descriptor, which is closed if this fails and otherwise
	 * belongs to what is returned
	 * @param localAddress its address
	 * @return the socket
	 * @throws IOException if a system call failed
	 */
	ListeningSocket inherit(Descriptor descriptor, SocketAddress localAddress) throws IOException;

}
