package io.github.gracefulrestart.posix;

import java.net.InetSocketAddress;

/**
 * The two addresses of a TCP connection, which no other connection of this machine has at
 * the same time.
 *
 * @param local the address of this end
 * @param remote the address of the other end
 */
public record SocketPair(InetSocketAddress local, InetSocketAddress remote) {

}
