package io.github.gracefulrestart.successor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.handover.ReceivedMessage;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.posix.ConnectionAdopter;
import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.posix.ReceivedConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The successor's side of moving connections: gives each to the listener host that would
 * have accepted it.
 */
public final class ConnectionReceiver implements Closeable {

	private static final Log logger = LogFactory.getLog(ConnectionReceiver.class);

	/**
	 * Taking a connection over temporarily needs two descriptors, the received one and a
	 * placeholder.
	 */
	private static final int DESCRIPTORS_EACH = 2;

	/**
	 * Descriptors that are left to the application.
	 */
	private static final int RESERVE = 64;

	private static final int AMPLE = 2000;

	/**
	 * A reason that does not end the moves, because it concerns single connections only.
	 */
	private static final String NOT_CONNECTED = "their descriptors are no TCP connections, "
			+ "or their clients have just reset them";

	private final ListenerHosts hosts;

	private final ConnectionAdopter adopter;

	/**
	 * How many descriptors this process may open. Counting them takes time, so it is
	 * repeated only when few are left.
	 */
	private int available;

	public ConnectionReceiver(ListenerHosts hosts, Path scratch) {
		this.hosts = hosts;
		this.adopter = new ConnectionAdopter(scratch);
	}

	/**
	 * Return how many connections can be taken at once.
	 * @return how many, 0 if the limit of open files leaves no room
	 */
	public int capacity() {
		try {
			if (this.available < AMPLE) {
				this.available = Descriptors.available() - RESERVE;
			}
			return Math.max(0, this.available / DESCRIPTORS_EACH);
		}
		catch (IOException ex) {
			logger.warn("No connection can be taken over from the predecessor", ex);
			return 0;
		}
	}

	/**
	 * Take connections over.
	 * @param message what they are
	 * @param received their descriptors
	 * @return the answer
	 */
	public Adopted receive(Connections message, ReceivedMessage received) {
		List<Integer> refused = new ArrayList<>();
		String reason = take(message, received, refused);
		this.available -= message.connections().size() - refused.size();
		if (!refused.isEmpty()) {
			logger.warn(refused.size() + " of " + message.connections().size()
					+ " connections were not taken over from the predecessor, which continues to serve them: "
					+ (reason.isEmpty() ? NOT_CONNECTED : reason));
		}
		return new Adopted(message.batch(), refused, reason, capacity());
	}

	private String take(Connections message, ReceivedMessage received, List<Integer> refused) {
		ListenerHost host = host(message);
		if (host == null) {
			received.discard();
			return refuseAll(message, refused, "this process has no listener " + message.listener().name());
		}
		List<Descriptor> descriptors = received.descriptors();
		if (descriptors.size() != message.connections().size()) {
			received.discard();
			return refuseAll(message, refused,
					descriptors.size() + " descriptors came for " + message.connections().size() + " connections");
		}
		try {
			return give(host, message.connections(), descriptors, refused);
		}
		finally {
			// Connections that the host has accepted belong to it
			received.discard();
		}
	}

	private String give(ListenerHost host, List<ConnectionState> states, List<Descriptor> descriptors,
			List<Integer> refused) {
		String reason = "";
		for (int i = 0; i < descriptors.size(); i++) {
			String objection = give(host, states.get(i), descriptors.get(i));
			if (objection != null) {
				refused.add(i);
				reason = objection.isEmpty() ? reason : objection;
			}
		}
		return reason;
	}

	/**
	 * Let a host serve a connection.
	 * @return {@code null} if it does, otherwise the reason why it serves no further
	 * ones, empty if the reason concerns this one only
	 */
	private @Nullable String give(ListenerHost host, ConnectionState state, Descriptor descriptor) {
		try {
			ReceivedConnection connection = this.adopter.connection(descriptor);
			return (connection != null) ? host.adopt(connection, state) : "";
		}
		catch (IOException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private static String refuseAll(Connections message, List<Integer> refused, String reason) {
		for (int i = 0; i < message.connections().size(); i++) {
			refused.add(i);
		}
		return reason;
	}

	/**
	 * Called when no more connections will arrive.
	 */
	@Override
	public void close() {
		try {
			this.adopter.close();
		}
		catch (IOException ex) {
			logger.debug("What was prepared for more connections could not be closed", ex);
		}
	}

	private @Nullable ListenerHost host(Connections message) {
		return this.hosts.open()
			.stream()
			.filter((host) -> host.listener().key().accepts(message.listener()))
			.findFirst()
			.orElse(null);
	}

}
