package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Adopted;
import io.github.gracefulrestart.handover.Message.Connections;
import io.github.gracefulrestart.host.ConnectionMoves;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The predecessor's side of moving connections: sends what listener hosts have taken out
 * of service and gives back what the successor refuses.
 */
public final class ConnectionMover implements ConnectionMoves {

	private static final Log logger = LogFactory.getLog(ConnectionMover.class);

	/**
	 * How many messages may wait for an answer, so that both processes work at the same
	 * time.
	 */
	private static final int WINDOW = 2;

	/**
	 * The most connections in one message. No process serves the connections in a message
	 * until the successor has taken them.
	 */
	private static final int BATCH = 200;

	private final ControlConnection control;

	private final Map<Integer, Batch> pending = new LinkedHashMap<>();

	private final Duration answerTimeout;

	private final Ticker clock;

	private int capacity;

	private int lastBatch;

	private boolean more;

	/**
	 * Begin to move connections.
	 * @param control the connection to the successor
	 * @param capacity how many connections the successor takes at first
	 * @param answerTimeout time allowed for the answer to each message
	 * @param clock the clock of the thread that moves them
	 */
	public ConnectionMover(ControlConnection control, int capacity, Duration answerTimeout, Ticker clock) {
		this.control = control;
		this.clock = clock;
		this.capacity = capacity;
		this.answerTimeout = answerTimeout;
	}

	/**
	 * Move the connections that can move now. If that fails, {@link #cancel()} serves
	 * those that were on their way.
	 */
	@Override
	public boolean step(List<HostDrain> drains, boolean look) throws IOException {
		long now = this.clock.now();
		for (Batch batch : this.pending.values()) {
			if (now - batch.sentAt() > this.answerTimeout.toNanos()) {
				throw new IOException(
						"the successor did not take connections over within " + this.answerTimeout.toMillis() + " ms");
			}
		}
		for (HostDrain drain : drains) {
			while (this.pending.size() < WINDOW) {
				// If a look has found as many as it may return, there may be more
				if (!move(drain, look || this.more)) {
					break;
				}
			}
		}
		return !this.pending.isEmpty();
	}

	private boolean move(HostDrain drain, boolean look) throws IOException {
		if (this.capacity <= 0) {
			drain.stopMoving("the successor has reached its limit of open files");
			return false;
		}
		Listener listener = drain.host().listener();
		if (!listener.isOpen()) {
			return false;
		}
		this.lastBatch++;
		Batch batch = new Batch(drain, new ArrayList<>(), this.clock.now());
		// First, so that the connections of the batch are served again whatever is
		// thrown from here on
		this.pending.put(this.lastBatch, batch);
		int max = Math.min(BATCH, this.capacity);
		batch.connections().addAll(drain.detach(max, look));
		this.more = batch.connections().size() == max;
		if (!send(batch, listener.key())) {
			this.pending.remove(this.lastBatch);
			return false;
		}
		return true;
	}

	private boolean send(Batch batch, ListenerKey key) throws IOException {
		List<Integer> descriptors = new ArrayList<>();
		List<ConnectionState> states = new ArrayList<>();
		for (MovableConnection connection : List.copyOf(batch.connections())) {
			try {
				descriptors.add(connection.descriptor());
				states.add(connection.state());
			}
			catch (IOException ex) {
				// Its client has just reset it, which does not affect the others
				logger.debug("A connection stays, because " + ex.getMessage(), ex);
				batch.connections().remove(connection);
				connection.keep();
			}
		}
		if (states.isEmpty()) {
			return false;
		}
		this.control.send(new Connections(this.lastBatch, key, states), descriptors);
		return true;
	}

	public void acknowledged(Adopted answer) {
		this.capacity = answer.capacity();
		Batch batch = this.pending.remove(answer.batch());
		if (batch == null) {
			logger.warn("Ignoring the successor's answer for batch " + answer.batch() + ", which was never sent");
			return;
		}
		if (!answer.reason().isEmpty()) {
			LastResort.attempt("Keeping connections", () -> batch.drain().stopMoving(answer.reason()));
		}
		for (int i = 0; i < batch.connections().size(); i++) {
			MovableConnection connection = batch.connections().get(i);
			boolean refused = answer.refused().contains(i);
			LastResort.attempt(refused ? "Serving a connection that the successor refused" : "Letting a connection go",
					refused ? connection::keep : connection::moved);
		}
	}

	/**
	 * Serve the connections here that are on their way. To be called when the successor
	 * has ended.
	 */
	public void cancel() {
		this.pending.values()
			.forEach((batch) -> batch.connections()
				.forEach((connection) -> LastResort.attempt("Serving a connection that was on its way",
						connection::keep)));
		this.pending.clear();
	}

	private record Batch(HostDrain drain, List<MovableConnection> connections, long sentAt) {

	}

}
