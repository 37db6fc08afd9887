package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.posix.AdoptedChannel;
import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.threads.LimitLatch;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint whose connections can be taken out and served on elsewhere, which takes in
 * such connections, and which can be in a drain.
 */
final class RestartableNioEndpoint extends ListeningNioEndpoint {

	/**
	 * How long to wait for the poller to complete a round, in nanoseconds.
	 */
	private static final long POLLER_TURN = 20_000;

	private volatile @Nullable TomcatDrain drain;

	@Override
	protected boolean serve(SocketChannel accepted) {
		return serve(accepted, null, null);
	}

	/**
	 * Does what Tomcat's method of the name {@code setSocketOptions} does, with another
	 * wrapper.
	 */
	private boolean serve(SocketChannel socket, @Nullable AdoptedChannel adopted, @Nullable ConnectionState past) {
		NioChannel channel = null;
		try {
			channel = takeChannel(adopted != null);
			RestartableSocketWrapper wrapper = new RestartableSocketWrapper(channel, this, adopted, past);
			channel.reset(socket, wrapper);
			this.connections.put(socket, wrapper);
			socket.configureBlocking(false);
			if (past == null && getUnixDomainSocketPath() == null) {
				this.socketProperties.setProperties(socket.socket());
			}
			wrapper.setReadTimeout(getConnectionTimeout());
			wrapper.setWriteTimeout(getConnectionTimeout());
			wrapper.setKeepAliveLeft(getMaxKeepAliveRequests());
			if (past != null) {
				wrapper.setReadTimeout(remaining(getKeepAliveTimeout(), past.idle()));
				if (past.requestsLeft() > 0) {
					wrapper.setKeepAliveLeft(past.requestsLeft());
				}
			}
			getPoller().register(wrapper);
			return true;
		}
		catch (IOException | RuntimeException ex) {
			getLog().error("A connection could not be configured and is closed", ex);
			if (this.connections.get(socket) == null) {
				destroyUnserved(socket);
			}
			return false;
		}
	}

	/**
	 * Return the rest of the time for which a connection may stay without a request.
	 */
	private static long remaining(int keepAliveTimeout, Duration idle) {
		return (keepAliveTimeout > 0) ? Math.max(1, keepAliveTimeout - idle.toMillis()) : keepAliveTimeout;
	}

	private NioChannel takeChannel(boolean idle) {
		SynchronizedStack<NioChannel> cache = getNioChannels();
		NioChannel cached = (cache != null) ? cache.pop() : null;
		if (cached != null) {
			return cached;
		}
		int readSize = this.socketProperties.getAppReadBufSize();
		int writeSize = this.socketProperties.getAppWriteBufSize();
		boolean direct = this.socketProperties.getDirectBuffer();
		return createChannel(idle ? new LazySocketBufferHandler(Math.max(readSize, writeSize), direct)
				: new SocketBufferHandler(readSize, writeSize, direct));
	}

	void recycle(NioChannel channel) {
		SynchronizedStack<NioChannel> cache = getNioChannels();
		if (cache == null || !cache.push(channel)) {
			channel.free();
		}
	}

	void forget(SocketChannel channel) {
		this.connections.remove(channel);
	}

	/**
	 * Serve a connection that a predecessor has sent, if the limit of connections allows
	 * for it. Never waits for room.
	 * @return whether there was room
	 */
	boolean adopt(AdoptedChannel adopted, ConnectionState past) {
		int max = getMaxConnections();
		if (max != -1 && getConnectionCount() >= max) {
			return false;
		}
		countUp();
		if (max != -1 && getConnectionCount() > max) {
			// The acceptor has taken the last place at this moment
			countDownConnection();
			return false;
		}
		serveOrClose(adopted.channel(), adopted, past);
		return true;
	}

	/**
	 * Continue to serve a connection that was taken out of this endpoint, even beyond the
	 * limit of connections, because the acceptor may have taken its place.
	 * @param adopted the state that the channel does not contain, or {@code null} if it
	 * was accepted by this process
	 */
	void takeBack(SocketChannel channel, @Nullable AdoptedChannel adopted, ConnectionState past) {
		countUp();
		serveOrClose(channel, adopted, past);
	}

	private void serveOrClose(SocketChannel channel, @Nullable AdoptedChannel adopted, ConnectionState past) {
		if (!serve(channel, adopted, past)) {
			closeSocket(channel);
		}
	}

	/**
	 * Wait for room. If {@link #countUp()} has raised the limit at this moment, the
	 * acceptor has not waited and would keep a place beyond the limit.
	 */
	@Override
	protected void countUpOrAwaitConnection() throws InterruptedException {
		super.countUpOrAwaitConnection();
		while (getMaxConnections() != -1 && getConnectionCount() > getMaxConnections()) {
			countDownConnection();
			super.countUpOrAwaitConnection();
		}
	}

	private synchronized void countUp() {
		LimitLatch latch = initializeConnectionLatch();
		if (latch != null) {
			ConnectionLatch.countUp(latch);
		}
	}

	/**
	 * Return the drain that this endpoint is in, if it is in one.
	 */
	@Nullable TomcatDrain drain() {
		return this.drain;
	}

	void drain(@Nullable TomcatDrain current) {
		this.drain = current;
	}

	/**
	 * Use processors that notify the drain after their work, because a connection may
	 * have become idle then. Otherwise Tomcat's own processors are used, from Tomcat's
	 * own cache.
	 * @param watch whether to notify the drain
	 */
	void watchProcessors(boolean watch) {
		this.processorCache = watch ? new SynchronizedStack<>(0, 0)
				: new SynchronizedStack<>(SynchronizedStack.DEFAULT_SIZE, this.socketProperties.getProcessorCache());
	}

	@Override
	protected SocketProcessorBase<NioChannel> createSocketProcessor(SocketWrapperBase<NioChannel> wrapper,
			SocketEvent event) {
		TomcatDrain current = this.drain;
		return (current != null && current.isMoving()) ? new WatchedProcessor(wrapper, event)
				: super.createSocketProcessor(wrapper, event);
	}

	/**
	 * Return the executor of the connector, as the application knows it.
	 */
	@Nullable Executor applicationExecutor() {
		return super.getExecutor();
	}

	/**
	 * Return the executor for requests. In a drain it also runs requests that the
	 * application's executor rejects.
	 */
	@Override
	public @Nullable Executor getExecutor() {
		Executor executor = super.getExecutor();
		TomcatDrain current = this.drain;
		return (current != null && executor != null) ? current.behind(executor) : executor;
	}

	@Override
	public boolean processSocket(SocketWrapperBase<NioChannel> connection, SocketEvent event, boolean dispatch) {
		TomcatDrain current = this.drain;
		if (current != null && dispatch && connection instanceof RestartableSocketWrapper restartable
				&& restartable.farewell().isBegun()) {
			current.execute(() -> {
				if (!super.processSocket(connection, event, false)) {
					// As the poller does
					connection.close();
				}
			});
			return true;
		}
		return super.processSocket(connection, event, dispatch);
	}

	void connectionEnded(Fate fate) {
		TomcatDrain current = this.drain;
		if (current != null) {
			current.connectionEnded(fate);
		}
	}

	/**
	 * Wait until the poller has deregistered channels whose keys have been cancelled. A
	 * passed descriptor that is still registered would continue to wake this process, and
	 * closing a registered channel would end the connection in the other process, too.
	 */
	void awaitDeregistered(List<SocketChannel> channels) {
		Poller poller = getPoller();
		if (channels.isEmpty() || poller == null) {
			// The application has stopped this connector, and the selector is closed
			return;
		}
		Selector selector = poller.getSelector();
		// Once only, because the keys have been cancelled before, and each wakeup makes
		// the poller examine all connections
		selector.wakeup();
		for (SocketChannel channel : channels) {
			while (channel.isRegistered() && isRunning()) {
				LockSupport.parkNanos(POLLER_TURN);
			}
		}
	}

	/**
	 * Pass each open connection to a visitor, until it returns {@code false}.
	 * @param visitor returns whether to continue
	 */
	void visitConnections(Predicate<RestartableSocketWrapper> visitor) {
		for (SocketWrapperBase<NioChannel> connection : this.connections.values()) {
			if (!visitor.test((RestartableSocketWrapper) connection)) {
				return;
			}
		}
	}

	/**
	 * Call an action with each open connection.
	 */
	void forEachConnection(Consumer<RestartableSocketWrapper> action) {
		visitConnections((connection) -> {
			action.accept(connection);
			return true;
		});
	}

	/**
	 * Processes a connection and then notifies the drain, if there still is one.
	 */
	private final class WatchedProcessor extends SocketProcessor {

		private WatchedProcessor(SocketWrapperBase<NioChannel> wrapper, SocketEvent event) {
			super(wrapper, event);
		}

		@Override
		protected void doRun() {
			// Tomcat reuses processors, for other connections too
			RestartableSocketWrapper connection = (RestartableSocketWrapper) this.socketWrapper;
			super.doRun();
			TomcatDrain current = RestartableNioEndpoint.this.drain;
			if (current != null) {
				current.processed(connection);
			}
		}

	}

}
