package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

import io.github.gracefulrestart.posix.Placeholders.Placeholder;
import org.jspecify.annotations.Nullable;

/**
 * Makes NIO channels out of received descriptors of TCP connections.
 */
public final class ConnectionAdopter implements Closeable {

	private final Path scratch;

	private @Nullable Placeholders placeholders;

	/**
	 * Create an adopter.
	 * @param scratch an existing directory, for a temporary file
	 */
	public ConnectionAdopter(Path scratch) {
		this.scratch = scratch;
	}

	/**
	 * Return the connection of a received descriptor.
	 * @param received the descriptor, which the caller owns until a channel is made of
	 * the connection
	 * @return the connection, or {@code null} if it is not a connected TCP socket
	 * @throws PosixException if the descriptor has been closed
	 */
	public @Nullable ReceivedConnection connection(Descriptor received) throws PosixException {
		SocketPair addresses = Descriptors.connection(received.number());
		return (addresses != null) ? new ReceivedConnection(received, addresses, this) : null;
	}

	AdoptedChannel adopt(Descriptor descriptor, SocketPair addresses) throws IOException {
		Placeholder placeholder = placeholders().take();
		try {
			descriptor.replace(placeholder.number());
		}
		catch (IOException | RuntimeException | Error ex) {
			placeholder.channel().close();
			throw ex;
		}
		return new AdoptedChannel(placeholder.channel(), placeholder.number(), addresses);
	}

	private Placeholders placeholders() throws IOException {
		Placeholders current = this.placeholders;
		if (current == null) {
			current = Placeholders.in(this.scratch);
			this.placeholders = current;
		}
		return current;
	}

	/**
	 * Release what is needed only to adopt further connections. Adopted connections are
	 * not affected.
	 * @throws IOException if a system call failed
	 */
	@Override
	public void close() throws IOException {
		if (this.placeholders != null) {
			this.placeholders.close();
			this.placeholders = null;
		}
	}

}
