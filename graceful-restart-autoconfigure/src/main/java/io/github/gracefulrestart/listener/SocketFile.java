package io.github.gracefulrestart.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/**
 * The file by which clients find a Unix domain socket. Closing the socket does not delete
 * it, and deleting it makes the socket unreachable for all processes that share it.
 */
final class SocketFile {

	private final Path path;

	private final Object identity;

	private SocketFile(Path path, Object identity) {
		this.path = path;
		this.identity = identity;
	}

	/**
	 * Return the file of a socket that has just been bound or inherited.
	 * @param address the address that the socket is bound to
	 * @return the file, or {@code null} if the socket has none
	 */
	static @Nullable SocketFile of(SocketAddress address) {
		if (!(address instanceof UnixDomainSocketAddress unix)) {
			return null;
		}
		Object identity = identity(unix.getPath());
		return (identity != null) ? new SocketFile(unix.getPath(), identity) : null;
	}

	private static @Nullable Object identity(Path path) {
		try {
			return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return whether a client that connects to the path reaches the given socket. The
	 * kernel does not tell which file an inherited socket was bound to, and the file may
	 * have been replaced before this process saw it. To be called when no process accepts
	 * from the socket any more.
	 */
	boolean leadsTo(ListeningSocket socket) {
		try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.turnAway();
			client.configureBlocking(false);
			client.connect(UnixDomainSocketAddress.of(this.path));
			return socket.turnAway();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Delete the file, unless another file has its path by now, because another process
	 * has bound a socket there.
	 */
	void delete() throws IOException {
		if (this.identity.equals(identity(this.path))) {
			Files.deleteIfExists(this.path);
		}
	}

}
