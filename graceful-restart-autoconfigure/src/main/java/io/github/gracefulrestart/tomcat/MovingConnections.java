package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.posix.AdoptedChannel;
import io.github.gracefulrestart.posix.SocketPair;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a drain takes out of an endpoint, until they are on their way to
 * the successor. Any thread that has just answered a request may add one.
 */
final class MovingConnections {

	private static final Log logger = LogFactory.getLog(MovingConnections.class);

	private final RestartableNioEndpoint endpoint;

	private final Map<SocketPair, Integer> descriptors;

	private final Runnable moved;

	private final Queue<Detached> waiting = new ConcurrentLinkedQueue<>();

	/**
	 * How many connections have left the endpoint, or are just about to, and are not on
	 * their way to the successor yet.
	 */
	private final AtomicInteger leaving = new AtomicInteger();

	private volatile boolean stopped;

	/**
	 * Begin.
	 * @param endpoint what serves the connections
	 * @param descriptors the descriptors of this process. They need not be read again,
	 * because no connection is accepted any more, and the number of an open connection
	 * does not change
	 * @param moved called for each connection that the successor has
	 */
	MovingConnections(RestartableNioEndpoint endpoint, Map<SocketPair, Integer> descriptors, Runnable moved) {
		this.endpoint = endpoint;
		this.descriptors = descriptors;
		this.moved = moved;
	}

	/**
	 * Take a connection out if it is between two requests. Called with its lock held, by
	 * the restart or by the thread that has just answered a request on it.
	 */
	void detach(RestartableSocketWrapper connection) {
		if (this.stopped) {
			return;
		}
		ConnectionState state = connection.state();
		this.leaving.incrementAndGet();
		SocketChannel channel = connection.detach();
		if (channel == null) {
			this.leaving.decrementAndGet();
			return;
		}
		this.waiting.add(new Detached(channel, connection.adopted(), state));
		if (this.stopped) {
			// stop() may have searched for such connections before this one was added
			keepWaiting();
		}
	}

	private void tryDetach(RestartableSocketWrapper connection) {
		if (connection.getLock().tryLock()) {
			try {
				detach(connection);
			}
			finally {
				connection.getLock().unlock();
			}
		}
	}

	/**
	 * Take connections to send them away.
	 * @param max how many at most
	 * @param look whether to look for some
	 */
	List<MovableConnection> take(int max, boolean look) {
		if (this.stopped) {
			return List.of();
		}
		if (look && this.waiting.size() < max) {
			this.endpoint.visitConnections((connection) -> {
				tryDetach(connection);
				return this.waiting.size() < max;
			});
		}
		List<MovableConnection> taken = new ArrayList<>();
		List<SocketChannel> channels = new ArrayList<>();
		Detached next;
		while (taken.size() < max && (next = this.waiting.poll()) != null) {
			this.leaving.decrementAndGet();
			taken.add(next);
			channels.add(next.channel);
		}
		this.endpoint.awaitDeregistered(channels);
		return taken;
	}

	/**
	 * Return how many connections are neither in the endpoint nor on their way.
	 */
	int leaving() {
		return this.leaving.get();
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Take out no further connections. {@link #keepWaiting()} must still be called.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * Serve the connections here that are not on their way.
	 */
	void keepWaiting() {
		Detached next;
		while ((next = this.waiting.poll()) != null) {
			this.endpoint.awaitDeregistered(List.of(next.channel));
			next.keep();
			this.leaving.decrementAndGet();
		}
	}

	/**
	 * A connection that was taken out of the endpoint.
	 */
	private final class Detached implements MovableConnection {

		private final SocketChannel channel;

		private final @Nullable AdoptedChannel adopted;

		private final ConnectionState state;

		private Detached(SocketChannel channel, @Nullable AdoptedChannel adopted, ConnectionState state) {
			this.channel = channel;
			this.adopted = adopted;
			this.state = state;
		}

		@Override
		public int descriptor() throws IOException {
			if (this.adopted != null) {
				return this.adopted.descriptor();
			}
			SocketPair addresses = new SocketPair((InetSocketAddress) this.channel.getLocalAddress(),
					(InetSocketAddress) this.channel.getRemoteAddress());
			Integer number = MovingConnections.this.descriptors.get(addresses);
			if (number == null) {
				throw new IOException("the descriptor of the connection from " + addresses.remote() + " was not found");
			}
			return number;
		}

		@Override
		public ConnectionState state() {
			return this.state;
		}

		@Override
		public void moved() {
			MovingConnections.this.moved.run();
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				logger.debug("A connection that has moved could not be closed", ex);
			}
		}

		@Override
		public void keep() {
			MovingConnections.this.endpoint.takeBack(this.channel, this.adopted, this.state);
		}

	}

}
