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

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.ConnectionAdopter;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.posix.SocketPair;
import io.github.gracefulrestart.tomcat.RestartableSocketWrapper.AdoptedSocket;
import io.github.gracefulrestart.tomcat.RestartableSocketWrapper.Past;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connector. It drains without Tomcat's {@code pause}, which would answer 503 or
 * nothing at all on kept-alive connections.
 */
final class TomcatListenerHost implements ListenerHost {

	private static final Log logger = LogFactory.getLog(TomcatListenerHost.class);

	/**
	 * How long the client of a WebSocket has to answer a close frame, in nanoseconds.
	 */
	private static final long CLOSE_ANSWER = 1_000_000_000;

	private final RestartableHttp11NioProtocol protocol;

	private final RequestActivity requests;

	private final Queue<DetachedConnection> detached = new ConcurrentLinkedQueue<>();

	/**
	 * How many connections have left the endpoint, or are just about to, and are not on
	 * their way to the successor yet.
	 */
	private final AtomicInteger leaving = new AtomicInteger();

	private final TomcatSettings settings;

	private DrainCounter counter = new DrainCounter();

	private @Nullable Farewells farewells;

	private int maxKeepAliveRequests;

	private volatile boolean moving;

	private Map<SocketPair, Integer> descriptors = Map.of();

	/**
	 * Create a host.
	 * @param protocol the connector's protocol
	 * @param requests tells whether requests are being processed
	 * @param settings what an application may choose
	 */
	TomcatListenerHost(RestartableHttp11NioProtocol protocol, RequestActivity requests, TomcatSettings settings) {
		this.settings = settings;
		this.protocol = protocol;
		this.requests = requests;
	}

	@Override
	public @Nullable Listener listener() {
		return endpoint().listener();
	}

	private RestartableNioEndpoint endpoint() {
		return this.protocol.endpoint();
	}

	@Override
	public ConnectionCount connections() {
		int[] counts = new int[2];
		boolean requestActive = this.requests.isActive();
		endpoint().forEachConnection((connection) -> {
			boolean idle = isIdle(connection, requestActive);
			counts[idle ? 1 : 0]++;
		});
		// After the others: who leaves them has been counted here before
		return new ConnectionCount(counts[0] + this.leaving.get(), counts[1]);
	}

	/**
	 * Return whether a connection could be closed now. While a connector drains, a
	 * WebSocket could not before it has been told, nor a connection whose client waits
	 * for its first answer.
	 */
	private boolean isIdle(RestartableSocketWrapper connection, boolean requestActive) {
		if (!connection.isIdle(requestActive)) {
			return false;
		}
		boolean untold = connection.isWebSocket() && !connection.farewell().isToldFor(CLOSE_ANSWER);
		return this.farewells == null || !(untold || (!this.moving && connection.isFresh()));
	}

	@Override
	public void beginDrain(boolean move) {
		endpoint().forEachConnection((connection) -> connection.farewell().forget());
		this.counter = new DrainCounter();
		this.maxKeepAliveRequests = this.protocol.getMaxKeepAliveRequests();
		this.farewells = new Farewells(this.protocol, this.settings);
		endpoint().countEnds(this.counter);
		// The keys of a TLS connection live in this process, and both ends of a
		// connection on a Unix domain socket look alike
		if (move && !this.protocol.isSSLEnabled() && endpoint().getUnixDomainSocketPath() == null) {
			startMoving();
		}
		else {
			startTelling();
		}
		continueDrain(true);
	}

	private void startTelling() {
		endpoint().tellClients(this.protocol.processors());
		if (this.maxKeepAliveRequests < 1) {
			// Without a limit Tomcat does not ask a connection whether it may go on
			this.protocol.setMaxKeepAliveRequests(Integer.MAX_VALUE);
		}
	}

	private void stopTelling() {
		this.protocol.setMaxKeepAliveRequests(this.maxKeepAliveRequests);
		endpoint().tellClients(null);
	}

	private void startMoving() {
		try {
			// Once is enough: nothing is accepted any more, and a number stays as long as
			// its connection is open
			this.descriptors = Descriptors.ofConnections();
			this.moving = true;
			endpoint().watchProcessors(this::detach);
		}
		catch (IOException ex) {
			tellInstead("the descriptors of this process cannot be listed");
		}
	}

	@Override
	public void continueDrain(boolean look) {
		if (this.farewells != null) {
			// Those that are busy at this moment are not seen, hence again and again
			this.farewells.step(look);
		}
	}

	@Override
	public void lastCall() {
		if (this.farewells != null) {
			this.farewells.lastCall();
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
	 * Take a connection out if it is between two requests. Called with its lock held, by
	 * the restart or by the thread that has just answered a request on it.
	 */
	private void detach(RestartableSocketWrapper connection) {
		if (!this.moving) {
			return;
		}
		Past past = connection.past();
		this.leaving.incrementAndGet();
		SocketChannel channel = connection.detach();
		if (channel == null) {
			this.leaving.decrementAndGet();
			return;
		}
		this.detached.add(new DetachedConnection(channel, connection.adopted(), past));
		if (!this.moving) {
			// It came too late for who stopped the moves and looked for such connections
			keepDetached();
		}
	}

	@Override
	public List<MovableConnection> detach(int max, boolean look) {
		if (!this.moving) {
			return List.of();
		}
		if (look && this.detached.size() < max) {
			endpoint().visitConnections((connection) -> {
				tryDetach(connection);
				return this.detached.size() < max;
			});
		}
		List<MovableConnection> taken = new ArrayList<>();
		List<SocketChannel> channels = new ArrayList<>();
		DetachedConnection next;
		while (taken.size() < max && (next = this.detached.poll()) != null) {
			this.leaving.decrementAndGet();
			taken.add(next);
			channels.add(next.channel);
		}
		endpoint().awaitDeregistered(channels);
		return taken;
	}

	@Override
	public void stopMoving(String reason) {
		if (this.moving) {
			tellInstead(reason);
		}
	}

	private void tellInstead(String reason) {
		logger.warn("No more connections of " + listener() + " move to the successor: " + reason
				+ ". The next response tells their clients to reconnect");
		this.moving = false;
		startTelling();
		endpoint().watchProcessors(null);
		keepDetached();
	}

	private void keepDetached() {
		DetachedConnection next;
		while ((next = this.detached.poll()) != null) {
			endpoint().awaitDeregistered(List.of(next.channel));
			next.keep();
			this.leaving.decrementAndGet();
		}
	}

	@Override
	public @Nullable String adopt(ConnectionAdopter.Adopted connection, long idleMillis, int keepAliveLeft) {
		AdoptedSocket socket = new AdoptedSocket(connection.descriptor(), connection.addresses());
		if (endpoint().adopt(connection.channel(), socket, new Past(idleMillis, keepAliveLeft))) {
			return null;
		}
		closeQuietly(connection.channel());
		return "the limit of " + this.protocol.getMaxConnections() + " connections of " + listener() + " is reached";
	}

	@Override
	public void cancelDrain() {
		if (this.farewells == null) {
			return;
		}
		this.farewells.end();
		this.farewells = null;
		this.moving = false;
		endpoint().watchProcessors(null);
		endpoint().countEnds(null);
		stopTelling();
		keepDetached();
	}

	@Override
	public void closeIdle() {
		if (this.farewells != null) {
			this.farewells.tellBusy();
		}
		boolean requestActive = this.requests.isActive();
		endpoint().forEachConnection((connection) -> {
			if (connection.getLock().tryLock()) {
				try {
					if (!connection.isClosed() && isIdle(connection, requestActive)) {
						connection.closeIdle();
					}
				}
				finally {
					connection.getLock().unlock();
				}
			}
		});
	}

	@Override
	public void cut(long moment, boolean idleToo) {
		boolean requestActive = this.requests.isActive();
		endpoint().forEachConnection((connection) -> {
			if (isIdle(connection, requestActive) ? idleToo : hasBegunBy(connection, moment)) {
				connection.cut(connection.isIdle(requestActive));
			}
		});
	}

	private boolean hasBegunBy(RestartableSocketWrapper connection, long moment) {
		RestartableHttp11Processor current = this.protocol.processors().serving(connection);
		// While the poller sends a file, the processor has done with its request
		return current == null || connection.getSendfileData() != null || current.hasBegunBy(moment);
	}

	@Override
	public DrainSummary drained() {
		return this.counter.summary();
	}

	@Override
	public void closeListener(boolean inherited) throws IOException {
		endpoint().closeListener(inherited);
	}

	private static void closeQuietly(SocketChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			logger.debug("A connection could not be closed", ex);
		}
	}

	@Override
	public String toString() {
		return String.valueOf(listener());
	}

	/**
	 * A connection that was taken out of the endpoint.
	 */
	private final class DetachedConnection implements MovableConnection {

		private final SocketChannel channel;

		private final @Nullable AdoptedSocket adopted;

		private final Past past;

		private DetachedConnection(SocketChannel channel, @Nullable AdoptedSocket adopted, Past past) {
			this.channel = channel;
			this.adopted = adopted;
			this.past = past;
		}

		@Override
		public int descriptor() throws IOException {
			if (this.adopted != null) {
				return this.adopted.descriptor();
			}
			SocketPair addresses = new SocketPair((InetSocketAddress) this.channel.getLocalAddress(),
					(InetSocketAddress) this.channel.getRemoteAddress());
			Integer number = TomcatListenerHost.this.descriptors.get(addresses);
			if (number == null) {
				throw new IOException("the descriptor of the connection from " + addresses.remote() + " was not found");
			}
			return number;
		}

		@Override
		public long idleMillis() {
			return this.past.idleMillis();
		}

		@Override
		public int keepAliveLeft() {
			return this.past.requestsLeft();
		}

		@Override
		public void moved() {
			TomcatListenerHost.this.counter.countMoved();
			closeQuietly(this.channel);
		}

		@Override
		public void keep() {
			endpoint().takeBack(this.channel, this.adopted, this.past);
		}

	}

}
