package io.github.gracefulrestart.posix;

import java.nio.channels.SocketChannel;

/**
 * An NIO channel that was made of a received descriptor.
 * <p>
 * The channel's own {@code getRemoteAddress()} and {@code getLocalAddress()} name the
 * placeholder that it was opened as. For the same reason it knows no {@code socket()} and
 * no TCP options.
 *
 * @param channel the channel
 * @param descriptor the number of its descriptor
 * @param addresses its true addresses
 */
public record AdoptedChannel(SocketChannel channel, int descriptor, SocketPair addresses) {

}
