package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
public final class ConnectionAdopter {

	/**
	 * How many numbers in a row may belong to no connection before the descriptors are
	 * listed instead of guessed.
	 */
	private static final int MAX_MISSES = 1000;

	/**
	 * Descriptors that were looked at before and are no placeholders.
	 */
	private final BitSet known = new BitSet();

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
		// The placeholders' other ends are never accepted, and are gone when this is
		// closed
		try (ServerSocketChannel counterpart = ServerSocketChannel.open()) {
			counterpart.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), received.size() + 1);
			SocketAddress address = counterpart.getLocalAddress();
			for (int i = 0; i < received.size(); i++) {
				placeholders.add(SocketChannel.open(address));
			}
			Map<SocketAddress, Integer> numbers = find(placeholders, address, received);
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

	private Map<SocketAddress, Integer> find(List<SocketChannel> placeholders, SocketAddress counterpart,
			List<Descriptor> received) throws IOException {
		Map<SocketAddress, Integer> numbers = new HashMap<>();
		BitSet skipped = (BitSet) this.known.clone();
		for (Descriptor descriptor : received) {
			skipped.set(descriptor.number());
		}
		// The kernel gives the lowest free number, so that most placeholders are found by
		// trying the numbers one after the other
		int misses = 0;
		for (int number = skipped.nextClearBit(0); numbers.size() < placeholders.size()
				&& misses < MAX_MISSES; number = skipped.nextClearBit(number + 1)) {
			misses = note(number, counterpart, numbers) ? 0 : misses + 1;
		}
		for (SocketChannel placeholder : placeholders) {
			if (!numbers.containsKey(placeholder.getLocalAddress())) {
				// A known number was closed by its owner and given to a placeholder
				this.known.clear();
				Descriptors.ownDescriptors((number) -> note(number, counterpart, numbers));
				return numbers;
			}
		}
		return numbers;
	}

	/**
	 * Look at a number.
	 * @return whether a connection has it
	 */
	private boolean note(int number, SocketAddress counterpart, Map<SocketAddress, Integer> numbers) {
		SocketPair pair = Descriptors.connection(number);
		if (pair == null) {
			return false;
		}
		if (pair.remote().equals(counterpart)) {
			numbers.put(pair.local(), number);
		}
		else {
			this.known.set(number);
		}
		return true;
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
