package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.gracefulrestart.listener.AcceptGate;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import io.github.gracefulrestart.tomcat.RestartableSocketWrapper.AdoptedSocket;
import io.github.gracefulrestart.tomcat.RestartableSocketWrapper.Past;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.Acceptor.AcceptorState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.threads.LimitLatch;
import org.jspecify.annotations.Nullable;

/**
 * An NIO endpoint whose server socket is a {@link Listener}, possibly inherited.
 * <p>
 * What differs from Tomcat's: accepting never blocks in the kernel; nothing connects to
 * the own port to wake the acceptor, since another process might take that connection;
 * the gate is closed before the endpoint is paused, so that no accepted connection is
 * dropped; and the path of a Unix domain socket stays while a successor serves on it.
 */
final class RestartableNioEndpoint extends NioEndpoint {

	/**
	 * How long to wait for the poller to come round, in nanoseconds.
	 */
	private static final long POLLER_TURN = 20_000;

	/**
	 * How long to wait for the acceptor to come round, in nanoseconds.
	 */
	private static final long ACCEPTOR_TURN = 1_000_000;

	private static final long UNLOCK_PATIENCE = 1_000_000_000;

	private @Nullable Listeners listeners;

	private String listenerName = "";

	private volatile @Nullable Listener listener;

	/**
	 * The gate that the acceptor waits at, also after the listener has been closed.
	 */
	private volatile @Nullable AcceptGate gate;

	private final DuplicateAccept duplicates = new DuplicateAccept();

	private volatile @Nullable Consumer<RestartableSocketWrapper> processorWatcher;

	private volatile @Nullable Consumer<RestartableSocketWrapper> streamWatcher;

	private volatile @Nullable DrainThreads drainThreads;

	private volatile @Nullable DrainCounter drainCounter;

	/**
	 * The processors whose answers tell clients to go, while they do.
	 */
	private volatile @Nullable Http11Processors telling;

	/**
	 * Say where listeners come from. Until then the endpoint cannot be bound.
	 */
	void useListeners(Listeners source, String name) {
		this.listeners = source;
		this.listenerName = name;
	}

	@Nullable Listener listener() {
		return this.listener;
	}

	@Override
	protected void initServerSocket() throws Exception {
		Listeners source = this.listeners;
		this.gate = null;
		if (source == null) {
			// Nobody could hand it over: it is as Tomcat makes it
			super.initServerSocket();
			return;
		}
		Listener opened = source.open(key(), getAcceptCount(), this::bindServerSocket);
		this.gate = opened.gate();
		this.listener = opened;
	}

	/**
	 * Bind as this version of Tomcat does, with all that it checks before and sets after
	 * that.
	 */
	private ServerSocketChannel bindServerSocket() throws IOException {
		try {
			super.initServerSocket();
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
		if (super.getServerSocket() instanceof ServerSocketChannel channel) {
			return channel;
		}
		throw new IllegalStateException("Tomcat has bound no server socket channel");
	}

	private ListenerKey key() {
		String path = getUnixDomainSocketPath();
		return (path != null) ? ListenerKey.unix(this.listenerName, Path.of(path))
				: ListenerKey.tcp(this.listenerName, configuredAddress());
	}

	private InetSocketAddress configuredAddress() {
		return (getAddress() != null) ? new InetSocketAddress(getAddress(), getPortWithOffset())
				: new InetSocketAddress(getPortWithOffset());
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		if (this.gate == null) {
			return super.getServerSocket();
		}
		Listener current = this.listener;
		return (current != null) ? new ListenerChannel(current) : null;
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		AcceptGate current = this.gate;
		if (current == null) {
			return super.serverSocketAccept();
		}
		SocketChannel accepted = current.accept();
		if (accepted != null && isDuplicate(accepted)) {
			current.delivered();
			throw new IOException(sm.getString("endpoint.err.duplicateAccept"));
		}
		return accepted;
	}

	private boolean isDuplicate(SocketChannel accepted) throws IOException {
		if (getUnixDomainSocketPath() != null) {
			return false;
		}
		SocketAddress address = accepted.getRemoteAddress();
		return address != null && this.duplicates.isDuplicate(address, System.nanoTime());
	}

	@Override
	protected boolean setSocketOptions(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return true;
		}
		try {
			return serve(socket, null, null);
		}
		finally {
			delivered();
		}
	}

	/**
	 * Does what Tomcat's method of the name {@code setSocketOptions} does, with another
	 * wrapper.
	 */
	private boolean serve(SocketChannel socket, @Nullable AdoptedSocket adopted, @Nullable Past past) {
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
				wrapper.setReadTimeout(past.remainingReadTimeout(getKeepAliveTimeout()));
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
				super.destroySocket(socket);
			}
			return false;
		}
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
	boolean adopt(SocketChannel channel, AdoptedSocket adopted, Past past) {
		int max = getMaxConnections();
		if (max != -1 && getConnectionCount() >= max) {
			return false;
		}
		countUp();
		if (max != -1 && getConnectionCount() > max) {
			// The acceptor has taken the last place in this moment
			countDownConnection();
			return false;
		}
		serveOrClose(channel, adopted, past);
		return true;
	}

	/**
	 * Serve on a connection that was taken out of this endpoint, also beyond the limit of
	 * connections: it was within before, and the acceptor may have taken its place.
	 * @param adopted what the channel does not tell itself, or {@code null} if it was
	 * accepted by this process
	 */
	void takeBack(SocketChannel channel, @Nullable AdoptedSocket adopted, Past past) {
		countUp();
		serveOrClose(channel, adopted, past);
	}

	private void serveOrClose(SocketChannel channel, @Nullable AdoptedSocket adopted, Past past) {
		if (!serve(channel, adopted, past)) {
			closeSocket(channel);
		}
	}

	/**
	 * Wait for room, also where {@link #countUp()} has raised the limit in this moment,
	 * so that the acceptor has not waited: it would keep a place beyond the limit.
	 */
	@Override
	protected void countUpOrAwaitConnection() throws InterruptedException {
		super.countUpOrAwaitConnection();
		while (getMaxConnections() != -1 && getConnectionCount() > getMaxConnections()) {
			countDownConnection();
			super.countUpOrAwaitConnection();
		}
	}

	/**
	 * Count a connection without waiting for room. Tomcat's latch can only wait, but not
	 * while its limit is high enough; and whoever waited here might wait for the
	 * acceptor, which waits for a gate that only the waiting thread would open.
	 */
	private synchronized void countUp() {
		LimitLatch latch = initializeConnectionLatch();
		if (latch == null) {
			return;
		}
		long limit = latch.getLimit();
		latch.setLimit(Long.MAX_VALUE);
		boolean interrupted = false;
		try {
			while (!tryCountUp(latch)) {
				interrupted = true;
			}
		}
		finally {
			latch.setLimit(limit);
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static boolean tryCountUp(LimitLatch latch) {
		try {
			latch.countUpOrAwait();
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	/**
	 * Tell the host when a connection may have become idle, which is when a processor has
	 * done its work. While nothing is drained, Tomcat's own processors work, from
	 * Tomcat's own cache.
	 */
	void watchProcessors(@Nullable Consumer<RestartableSocketWrapper> watcher) {
		this.processorWatcher = watcher;
		this.processorCache = (watcher != null) ? new SynchronizedStack<>(0, 0)
				: new SynchronizedStack<>(SynchronizedStack.DEFAULT_SIZE, this.socketProperties.getProcessorCache());
	}

	@Override
	protected SocketProcessorBase<NioChannel> createSocketProcessor(SocketWrapperBase<NioChannel> wrapper,
			SocketEvent event) {
		Consumer<RestartableSocketWrapper> watcher = this.processorWatcher;
		return (watcher != null) ? new WatchedProcessor(wrapper, event, watcher)
				: super.createSocketProcessor(wrapper, event);
	}

	/**
	 * Tell the host when a stream of HTTP/2 may have ended.
	 */
	void watchStreams(@Nullable Consumer<RestartableSocketWrapper> watcher) {
		this.streamWatcher = watcher;
	}

	@Nullable Consumer<RestartableSocketWrapper> streamWatcher() {
		return this.streamWatcher;
	}

	/**
	 * Do on other threads what the drain causes, and what the executor rejects.
	 * @param threads the threads, or {@code null} to do as Tomcat does
	 */
	void drainOn(@Nullable DrainThreads threads) {
		this.drainThreads = threads;
	}

	/**
	 * Return the executor of the connector, as the application knows it.
	 */
	@Nullable Executor applicationExecutor() {
		return super.getExecutor();
	}

	@Override
	public @Nullable Executor getExecutor() {
		Executor executor = super.getExecutor();
		DrainThreads threads = this.drainThreads;
		return (threads != null && executor != null) ? threads.behind(executor) : executor;
	}

	@Override
	public boolean processSocket(SocketWrapperBase<NioChannel> connection, SocketEvent event, boolean dispatch) {
		DrainThreads threads = this.drainThreads;
		if (threads != null && dispatch && connection instanceof RestartableSocketWrapper restartable
				&& restartable.farewell().isBegun()) {
			threads.execute(() -> {
				if (!super.processSocket(connection, event, false)) {
					// As the poller does
					connection.close();
				}
			});
			return true;
		}
		return super.processSocket(connection, event, dispatch);
	}

	/**
	 * Tell clients of HTTP/1.1 to go with the next answer. That takes a limit of requests
	 * for each connection.
	 * @param processors what serves them, or {@code null} to tell them no longer
	 */
	void tellClients(@Nullable Http11Processors processors) {
		this.telling = processors;
	}

	/**
	 * Return what serves clients that are to be told to go, if they are.
	 */
	@Nullable Http11Processors tellingProcessors() {
		return this.telling;
	}

	void countEnds(@Nullable DrainCounter counter) {
		this.drainCounter = counter;
	}

	void connectionEnded(Fate fate) {
		DrainCounter counter = this.drainCounter;
		if (counter != null) {
			counter.count(fate);
		}
	}

	/**
	 * Wait until the poller has let go of channels whose keys have been cancelled. A
	 * passed descriptor that is still registered would go on waking this process, and
	 * closing a registered channel would end the connection for the other process too.
	 */
	void awaitDeregistered(List<SocketChannel> channels) {
		Poller poller = getPoller();
		if (channels.isEmpty() || poller == null) {
			// The application has stopped this connector, and the selector is closed
			return;
		}
		Selector selector = poller.getSelector();
		// Once: the keys have been cancelled before, and each wakeup makes the poller
		// look through all connections
		selector.wakeup();
		for (SocketChannel channel : channels) {
			while (channel.isRegistered() && isRunning()) {
				LockSupport.parkNanos(POLLER_TURN);
			}
		}
	}

	@Override
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return;
		}
		super.destroySocket(socket);
		delivered();
	}

	private void delivered() {
		AcceptGate current = this.gate;
		if (current != null) {
			current.delivered();
		}
	}

	/**
	 * As Tomcat's, returns when the acceptor has noticed, or after a second.
	 */
	@Override
	protected void unlockAccept() {
		AcceptGate current = this.gate;
		if (current == null) {
			super.unlockAccept();
			return;
		}
		long start = System.nanoTime();
		current.interrupt();
		while (this.acceptor != null && this.acceptor.getState() == AcceptorState.RUNNING
				&& System.nanoTime() - start < UNLOCK_PATIENCE) {
			LockSupport.parkNanos(ACCEPTOR_TURN);
		}
	}

	/**
	 * A connector may be bound for longer than it runs, and begins unpaused each time.
	 */
	@Override
	public void startInternal() throws Exception {
		resumeGate();
		super.startInternal();
	}

	@Override
	public void pause() {
		AcceptGate current = this.gate;
		if (current != null) {
			current.pause();
		}
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		resumeGate();
	}

	private void resumeGate() {
		AcceptGate current = this.gate;
		if (current != null) {
			current.resume();
		}
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		if (this.gate == null) {
			// Tomcat's own, or one that could not be bound
			super.doCloseServerSocket();
		}
		closeListener(false);
	}

	/**
	 * Close the listener.
	 * @param inherited whether a successor serves on the same socket
	 */
	void closeListener(boolean inherited) throws IOException {
		Listener current = this.listener;
		this.listener = null;
		if (current == null) {
			return;
		}
		if (inherited) {
			current.leave();
		}
		else {
			current.close();
		}
	}

	/**
	 * Show each open connection to a visitor, until it has seen enough.
	 * @param visitor returns whether it wants to see more
	 */
	void visitConnections(Predicate<RestartableSocketWrapper> visitor) {
		for (SocketWrapperBase<NioChannel> connection : this.connections.values()) {
			if (!visitor.test((RestartableSocketWrapper) connection)) {
				return;
			}
		}
	}

	/**
	 * Do something with each open connection.
	 */
	void forEachConnection(Consumer<RestartableSocketWrapper> action) {
		visitConnections((connection) -> {
			action.accept(connection);
			return true;
		});
	}

	/**
	 * Processes a connection and then tells that it did.
	 */
	private final class WatchedProcessor extends SocketProcessor {

		private final Consumer<RestartableSocketWrapper> watcher;

		private WatchedProcessor(SocketWrapperBase<NioChannel> wrapper, SocketEvent event,
				Consumer<RestartableSocketWrapper> watcher) {
			super(wrapper, event);
			this.watcher = watcher;
		}

		@Override
		protected void doRun() {
			// Tomcat reuses processors, for other connections too
			RestartableSocketWrapper connection = (RestartableSocketWrapper) this.socketWrapper;
			super.doRun();
			this.watcher.accept(connection);
		}

	}

}
