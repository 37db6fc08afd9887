package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Makes channels out of received descriptors of TCP connections, many at a time, because
 * finding the descriptor of a new channel means looking through the descriptors of the
 * process.
 * <p>
 * A channel's own {@code getRemoteAddress()} and {@code getLocalAddress()} name the
 * placeholder that it was opened with; {@link Adopted#addresses()} tells the truth.
 *
 * @since 0.1.0
 */
public final class ConnectionAdopter implements Closeable {

	/**
	 * How many numbers in a row may belong to no connection before the descriptors are
	 * listed instead of guessed.
	 */
	private static final int MAX_MISSES = 1000;

	private final ServerSocketChannel counterpart;

	private final SocketAddress address;

	/**
	 * Descriptors that were looked at before and are no placeholders.
	 */
	private final BitSet known = new BitSet();

	/**
	 * Create an adopter.
	 * @throws IOException if no socket can be opened
	 */
	public ConnectionAdopter() throws IOException {
		this.counterpart = ServerSocketChannel.open();
		this.counterpart.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.address = this.counterpart.getLocalAddress();
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
		List<SocketChannel> placeholders = new ArrayList<>();
		try {
			Map<SocketAddress, Integer> numbers = openPlaceholders(received.size(), placeholders);
			List<@Nullable Adopted> adopted = new ArrayList<>();
			for (int i = 0; i < received.size(); i++) {
				adopted.add(adopt(received.get(i), placeholders.get(i), numbers));
			}
			return adopted;
		}
		catch (IOException | RuntimeException ex) {
			for (SocketChannel placeholder : placeholders) {
				placeholder.close();
			}
			throw ex;
		}
		finally {
			received.forEach(Descriptor::close);
		}
	}

	private @Nullable Adopted adopt(Descriptor received, SocketChannel placeholder, Map<SocketAddress, Integer> numbers)
			throws IOException {
		SocketPair addresses = Descriptors.connection(received.number());
		Integer number = numbers.get(placeholder.getLocalAddress());
		if (number == null) {
			throw new IOException("the descriptor of " + placeholder + " was not found");
		}
		if (addresses == null) {
			placeholder.close();
			return null;
		}
		received.replace(number);
		this.known.set(number);
		return new Adopted(placeholder, number, addresses);
	}

	private Map<SocketAddress, Integer> openPlaceholders(int count, List<SocketChannel> placeholders)
			throws IOException {
		List<SocketChannel> otherEnds = new ArrayList<>();
		try {
			for (int i = 0; i < count; i++) {
				placeholders.add(SocketChannel.open(this.address));
				SocketChannel otherEnd = this.counterpart.accept();
				otherEnds.add(otherEnd);
				// Closing resets the connection, which leaves no socket in TIME_WAIT
				otherEnd.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			return find(placeholders);
		}
		finally {
			for (SocketChannel otherEnd : otherEnds) {
				otherEnd.close();
			}
		}
	}

	private Map<SocketAddress, Integer> find(List<SocketChannel> placeholders) throws IOException {
		Map<SocketAddress, Integer> numbers = new HashMap<>();
		// The kernel gives the lowest free number, so that most placeholders are found by
		// trying the numbers one after the other, without those that are known
		int misses = 0;
		for (int number = 0; numbers.size() < placeholders.size() && misses < MAX_MISSES; number++) {
			number = this.known.nextClearBit(number);
			misses = note(number, numbers) ? 0 : misses + 1;
		}
		for (SocketChannel placeholder : placeholders) {
			if (!numbers.containsKey(placeholder.getLocalAddress())) {
				// A known number was closed by its owner and given to a placeholder
				this.known.clear();
				Descriptors.ownDescriptors((number) -> note(number, numbers));
				return numbers;
			}
		}
		return numbers;
	}

	/**
	 * Look at a number.
	 * @return whether a connection has it
	 */
	private boolean note(int number, Map<SocketAddress, Integer> numbers) {
		SocketPair pair = Descriptors.connection(number);
		if (pair == null) {
			return false;
		}
		if (pair.remote().equals(this.address)) {
			numbers.put(pair.local(), number);
		}
		else if (!pair.local().equals(this.address)) {
			this.known.set(number);
		}
		return true;
	}

	@Override
	public void close() throws IOException {
		this.counterpart.close();
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
