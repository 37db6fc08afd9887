package io.github.gracefulrestart.listener;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The identity of a listener, the same in every generation.
 *
 * @param name the name for messages, and to recognize listeners without a fixed port,
 * such as {@code server} or {@code management}
 * @param address the address as configured: {@code 127.0.0.1:8080}, {@code *:8080} for
 * the wildcard address, {@code *:0} for any free port, {@code unix:/run/app.sock}
 */
public record ListenerKey(String name, String address) {

	private static final String UNIX = "unix:";

	/**
	 * Create the key of a TCP listener.
	 * @param name the name
	 * @param address the address to bind to, with port 0 for any free port
	 * @return the key
	 */
	public static ListenerKey tcp(String name, InetSocketAddress address) {
		String host = address.getAddress().isAnyLocalAddress() ? "*" : address.getAddress().getHostAddress();
		return new ListenerKey(name, (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
	}

	/**
	 * Create the key of a listener on a Unix domain socket.
	 * @param name the name
	 * @param path the path to bind to
	 * @return the key
	 */
	public static ListenerKey unix(String name, Path path) {
		return new ListenerKey(name, UNIX + path.toAbsolutePath().normalize());
	}

	/**
	 * Return whether a listener of the predecessor can serve as the one with this key. A
	 * fixed address alone decides, so that two connectors may swap their ports; a
	 * listener without a fixed port is recognized by its name.
	 * @param inherited the key of the predecessor's listener
	 * @return {@code true} if it can
	 */
	public boolean accepts(ListenerKey inherited) {
		return identity().equals(inherited.identity());
	}

	/**
	 * Return what no other listener of the same generation has, and the same listener has
	 * in each generation.
	 * @return the address, with the name where the address is not enough
	 */
	public String identity() {
		return isEphemeral() ? toString() : this.address;
	}

	private boolean isEphemeral() {
		return this.address.endsWith(":0") && !isUnix();
	}

	/**
	 * Return whether this is the key of a Unix domain socket.
	 * @return {@code true} if it is
	 */
	public boolean isUnix() {
		return this.address.startsWith(UNIX);
	}

	@Override
	public String toString() {
		return this.name + " (" + this.address + ")";
	}

}
