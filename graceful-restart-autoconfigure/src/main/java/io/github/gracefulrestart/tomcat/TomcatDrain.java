package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.MovableConnection;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.posix.Descriptors;
import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One drain of one connector, without Tomcat's {@code pause}, which would answer 503 or
 * nothing at all on kept-alive connections. While an endpoint has a drain, the endpoint
 * and its connections ask it for decisions.
 */
final class TomcatDrain implements HostDrain {

	private static final Log logger = LogFactory.getLog(TomcatDrain.class);

	/**
	 * How long the client of a WebSocket has to answer a close frame, in nanoseconds.
	 */
	private static final long CLOSE_ANSWER = 1_000_000_000;

	private final TomcatListenerHost host;

	private final RestartableHttp11NioProtocol protocol;

	private final RestartableNioEndpoint endpoint;

	private final RequestActivity requests;

	private final int maxKeepAliveRequests;

	private final DrainCounter counter = new DrainCounter();

	private final DrainThreads threads = new DrainThreads();

	private final Farewells farewells;

	/**
	 * The connections that move, while they do.
	 */
	private volatile @Nullable MovingConnections moves;

	/**
	 * Whether answers tell clients of HTTP/1.1 to go.
	 */
	private volatile boolean telling;

	private volatile boolean over;

	/**
	 * Create a drain, which does nothing before {@link #begin}.
	 * @param host the connector's host
	 * @param protocol its protocol
	 * @param requests tells whether requests are being processed
	 * @param settings the settings of the application
	 */
	TomcatDrain(TomcatListenerHost host, RestartableHttp11NioProtocol protocol, RequestActivity requests,
			WebServerSettings settings) {
		this.host = host;
		this.protocol = protocol;
		this.endpoint = protocol.endpoint();
		this.requests = requests;
		this.maxKeepAliveRequests = protocol.getMaxKeepAliveRequests();
		this.farewells = new Farewells(protocol, settings, this.threads);
	}

	/**
	 * Begin. If that fails, {@link #cancel()} undoes the steps so far.
	 * @param move whether connections move if they can
	 */
	void begin(boolean move) {
		this.endpoint.forEachConnection((connection) -> connection.farewell().forget());
		this.endpoint.drain(this);
		// The keys of a TLS connection live in this process, and both ends of a
		// connection on a Unix domain socket look alike
		if (move && !this.protocol.isSSLEnabled() && this.endpoint.getUnixDomainSocketPath() == null) {
			startMoving();
		}
		else {
			startTelling();
		}
		step(true);
	}

	private void startMoving() {
		try {
			this.moves = new MovingConnections(this.endpoint, Descriptors.ofConnections(), this.counter::countMoved);
			this.endpoint.watchProcessors(true);
		}
		catch (IOException ex) {
			tellInstead("the descriptors of this process cannot be listed");
		}
	}

	private void startTelling() {
		this.telling = true;
		if (this.maxKeepAliveRequests < 1) {
			// Without a limit Tomcat does not ask a connection whether it may go on
			this.protocol.setMaxKeepAliveRequests(Integer.MAX_VALUE);
		}
	}

	private void tellInstead(String reason) {
		logger.warn("No more connections of " + this.host + " move to the successor: " + reason
				+ ". The next response tells their clients to reconnect");
		MovingConnections current = stopMoves();
		startTelling();
		this.endpoint.watchProcessors(false);
		if (current != null) {
			current.keepWaiting();
		}
	}

	private @Nullable MovingConnections stopMoves() {
		MovingConnections current = this.moves;
		if (current != null) {
			current.stop();
		}
		return current;
	}

	@Override
	public ListenerHost host() {
		return this.host;
	}

	@Override
	public void step(boolean look) {
		// Connections that are busy at this moment are missed, so this is repeated
		this.farewells.step(look);
	}

	@Override
	public List<MovableConnection> detach(int max, boolean look) {
		MovingConnections current = this.moves;
		return (current != null) ? current.take(max, look) : List.of();
	}

	@Override
	public void stopMoving(String reason) {
		if (isMoving()) {
			tellInstead(reason);
		}
	}

	@Override
	public void lastCall() {
		this.farewells.lastCall();
	}

	@Override
	public void closeIdle() {
		this.farewells.tellBusy();
		boolean requestActive = this.requests.isActive();
		this.endpoint.forEachConnection((connection) -> {
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
		this.endpoint.forEachConnection((connection) -> {
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
	public DrainSummary summary() {
		return this.counter.summary();
	}

	@Override
	public void cancel() {
		if (this.over) {
			return;
		}
		this.over = true;
		this.telling = false;
		MovingConnections current = stopMoves();
		this.endpoint.drain(null);
		this.endpoint.watchProcessors(false);
		this.protocol.setMaxKeepAliveRequests(this.maxKeepAliveRequests);
		if (current != null) {
			current.keepWaiting();
		}
	}

	// -- called by the endpoint and its connections

	/**
	 * Return whether a connection could be closed now. A WebSocket could not before it
	 * has been told, nor a connection whose client waits for its first answer.
	 */
	boolean isIdle(RestartableSocketWrapper connection, boolean requestActive) {
		if (!connection.isIdle(requestActive)) {
			return false;
		}
		boolean untold = connection.isWebSocket() && !connection.farewell().isToldFor(CLOSE_ANSWER);
		return !untold && (isMoving() || !connection.isFresh());
	}

	/**
	 * Return how many connections are neither in the endpoint nor on their way.
	 */
	int leaving() {
		MovingConnections current = this.moves;
		return (current != null) ? current.leaving() : 0;
	}

	/**
	 * Return whether a thread that has processed a connection must notify this drain.
	 */
	boolean isMoving() {
		MovingConnections current = this.moves;
		return current != null && !current.isStopped();
	}

	/**
	 * A connection has been processed, and may be between two requests now. Called with
	 * its lock held.
	 */
	void processed(RestartableSocketWrapper connection) {
		MovingConnections current = this.moves;
		if (current != null) {
			current.detach(connection);
		}
	}

	/**
	 * A stream of HTTP/2 may have ended. Called by the thread that has served it.
	 */
	void streamEnded(RestartableSocketWrapper connection) {
		if (!this.over) {
			this.farewells.streamEnded(connection);
		}
	}

	/**
	 * Decide whether the response to a request has {@code Connection: close}.
	 * @param connection the connection, whose request has been read
	 * @param left the rest of its limit of requests, negative if there is no limit
	 * @return the new rest, 0 to tell the client to go
	 */
	int requestRead(RestartableSocketWrapper connection, int left) {
		return this.telling ? connection.tell(this.protocol.processors().serving(connection), left) : left;
	}

	void connectionEnded(Fate fate) {
		this.counter.count(fate);
	}

	/**
	 * Run work of the drain, which takes no place in the application's queue.
	 */
	void execute(Runnable task) {
		this.threads.execute(task);
	}

	/**
	 * Return an executor that never rejects.
	 * @param application the executor that is tried first
	 */
	Executor behind(Executor application) {
		return this.threads.behind(application);
	}

}
