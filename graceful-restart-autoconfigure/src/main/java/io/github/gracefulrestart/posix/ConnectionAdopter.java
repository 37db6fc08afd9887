package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Placeholders.Placeholder;
import org.jspecify.annotations.Nullable;

/**
 * Makes channels out of received descriptors of TCP connections.
 * <p>
 * A channel's own {@code getRemoteAddress()} and {@code getLocalAddress()} name the
 * placeholder that it was opened as; {@link Adopted#addresses()} tells the truth. For the
 * same reason it knows no {@code socket()} and no TCP options.
 */
public final class ConnectionAdopter implements Closeable {

	private final Path scratch;

	private @Nullable Placeholders placeholders;

	/**
	 * Create an adopter.
	 * @param scratch an existing directory, for a file that is there for a moment
	 */
	public ConnectionAdopter(Path scratch) {
		this.scratch = scratch;
	}

	/**
	 * Adopt connections. All descriptors are consumed, also when this method fails.
	 * @param received descriptors
	 * @return a channel for each, or {@code null} in the place of one that is not a
	 * connected TCP socket
	 * @throws IOException if a system call failed, for example because this process has
	 * reached its limit of open files; then no connection was adopted
	 */
	public List<@Nullable Adopted> adopt(List<Descriptor> received) throws IOException {
		List<@Nullable Adopted> adopted = new ArrayList<>(received.size());
		try {
			for (Descriptor descriptor : received) {
				SocketPair addresses = Descriptors.connection(descriptor.number());
				adopted.add((addresses != null) ? adopt(descriptor, addresses) : null);
			}
			return adopted;
		}
		catch (IOException | RuntimeException | Error ex) {
			for (Adopted connection : adopted) {
				if (connection != null) {
					connection.channel().close();
				}
			}
			throw ex;
		}
		finally {
			received.forEach(Descriptor::close);
		}
	}

	private Adopted adopt(Descriptor descriptor, SocketPair addresses) throws IOException {
		Placeholder placeholder = placeholders().take();
		try {
			descriptor.replace(placeholder.number());
		}
		catch (IOException | RuntimeException | Error ex) {
			placeholder.channel().close();
			throw ex;
		}
		return new Adopted(placeholder.channel(), placeholder.number(), addresses);
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
	 * Give up what is only needed to adopt more. Adopted connections are not affected.
	 * @throws IOException if a system call failed
	 */
	@Override
	public void close() throws IOException {
		if (this.placeholders != null) {
			this.placeholders.close();
			this.placeholders = null;
		}
	}

	/**
	 * An adopted connection.
	 *
	 * @param channel the channel
	 * @param descriptor the number of its descriptor
	 * @param addresses its true addresses
	 */
	public record Adopted(SocketChannel channel, int descriptor, SocketPair addresses) {

	}

}
