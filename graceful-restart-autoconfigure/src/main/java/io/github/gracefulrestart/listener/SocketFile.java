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
 * The file by which clients find a Unix domain socket. Closing the socket leaves it
 * behind, and whoever deletes it makes the socket unreachable for all processes that
 * share it.
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
	 * Return whether who connects to the path gets to a socket. What an inherited socket
	 * was bound to the kernel does not tell, and somebody may have replaced the file
	 * before this process saw it. To be called when nobody accepts from the socket any
	 * more.
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
	 * Delete the file, unless its path leads to another one by now: then somebody else
	 * has bound a socket of theirs.
	 */
	void delete() throws IOException {
		if (this.identity.equals(identity(this.path))) {
			Files.deleteIfExists(this.path);
		}
	}

}
