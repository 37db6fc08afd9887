package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.posix.AdoptedChannel;
import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/**
 * A connection that can be taken out of the endpoint with its socket open, and that knows
 * its true addresses when it came from a predecessor.
 */
final class RestartableSocketWrapper extends NioSocketWrapper {

	/**
	 * Replaces the socket of a connection that was taken out, for code that still holds
	 * the wrapper: an event in the poller's queue or a processor in the executor's queue.
	 */
	private static final NioChannel NO_CHANNEL = new NioChannel(new SocketBufferHandler(0, 0, false));

	/**
	 * Tomcat's start time of a request that has not begun.
	 */
	private static final long NONE = -1;

	/**
	 * How long HTTP/2 streams are refused, in nanoseconds, before the connection is
	 * closed. It is longer than a round trip, because Tomcat waits for one before it
	 * refuses streams.
	 */
	private static final long REFUSAL = 500_000_000;

	private final RestartableNioEndpoint endpoint;

	private final @Nullable AdoptedChannel adopted;

	private final @Nullable ConnectionState past;

	private final long createdAt = getLastRead();

	private final Farewell farewell = new Farewell();

	private volatile boolean answered;

	private volatile int closeCode = WebSocketCloseFrame.GOING_AWAY;

	RestartableSocketWrapper(NioChannel channel, RestartableNioEndpoint endpoint, @Nullable AdoptedChannel adopted,
			@Nullable ConnectionState past) {
		super(channel, endpoint);
		this.endpoint = endpoint;
		this.adopted = adopted;
		this.past = past;
	}

	@Nullable AdoptedChannel adopted() {
		return this.adopted;
	}

	Farewell farewell() {
		return this.farewell;
	}

	/**
	 * Return the state that is needed to continue to serve this connection. To be called
	 * with the wrapper's lock held.
	 */
	ConnectionState state() {
		Duration before = (this.past != null && getLastRead() == this.createdAt) ? this.past.idle() : Duration.ZERO;
		return new ConnectionState(before.plusMillis(System.currentTimeMillis() - getLastRead()), requestsLeft());
	}

	/**
	 * Return the rest of the limit of requests. Tomcat returns it only when it is
	 * decremented.
	 */
	private int requestsLeft() {
		int left = super.decrementKeepAlive() + 1;
		setKeepAliveLeft(left);
		return left;
	}

	/**
	 * Tomcat calls this when it has read the head of a request, and closes the connection
	 * after the answer if it returns 0.
	 */
	@Override
	public int decrementKeepAlive() {
		int left = super.decrementKeepAlive();
		TomcatDrain drain = this.endpoint.drain();
		return (drain != null) ? drain.requestRead(this, left) : left;
	}

	/**
	 * Decide whether the response to the current request has {@code Connection: close}.
	 * It has not while further requests have already arrived, which would never be
	 * answered.
	 * @param current the processor of the request
	 * @param left the rest of the limit, negative if there is no limit
	 * @return the new rest, 0 to tell the client to go
	 */
	int tell(@Nullable RestartableHttp11Processor current, int left) {
		if (left == 0 || current == null || current.isClientLeaving()) {
			return left;
		}
		if (current.hasNextRequest()) {
			return 1;
		}
		this.farewell.tellWithWrite(current::isAnswering);
		return 0;
	}

	boolean isHttp2() {
		return isUpgradedTo("h2") || isUpgradedTo("h2c");
	}

	/**
	 * Return the handler of the streams of this connection, if it is a drainable one.
	 */
	@Nullable DrainableHttp2Handler http2Handler() {
		return (getCurrentProcessor() instanceof Processor processor && processor.isUpgrade()
				&& processor.getUpgradeToken() != null
				&& processor.getUpgradeToken().httpUpgradeHandler() instanceof DrainableHttp2Handler handler) ? handler
						: null;
	}

	/**
	 * Run the processing of an HTTP/2 stream. The best moment to tell a client to go is
	 * right after the response of the last stream.
	 */
	@Override
	public void execute(Runnable stream) {
		TomcatDrain drain = this.endpoint.drain();
		super.execute((drain != null) ? () -> {
			stream.run();
			drain.streamEnded(this);
		} : stream);
	}

	/**
	 * Return for how long nothing has been read or written, in milliseconds.
	 */
	long quietMillis() {
		return System.currentTimeMillis() - Math.max(getLastRead(), getLastWrite());
	}

	/**
	 * Tomcat calls this after each write, except for those of a TLS handshake.
	 */
	@Override
	public void updateLastWrite() {
		super.updateLastWrite();
		if (!this.answered) {
			// Writing a volatile field costs more than reading it
			this.answered = true;
		}
		this.farewell.written();
	}

	/**
	 * Return whether the client of this connection is still waiting for its first
	 * response, or even for the end of the TLS handshake. Tomcat itself gives such a
	 * client the connection timeout.
	 */
	boolean isFresh() {
		return this.past == null && !this.answered;
	}

	/**
	 * Return whether the processor of this connection is between two requests. After the
	 * poller has sent the last piece of a file, the processor stays with the connection,
	 * but has not begun another request.
	 */
	private static boolean isBetweenRequests(@Nullable Processor processor) {
		return processor == null
				|| (processor.getRequest() != null && processor.getRequest().getStartTimeNanos() == NONE);
	}

	/**
	 * Return whether this connection has no request. A connection between requests has no
	 * processor and waits in the poller. One that was upgraded, to HTTP/2 for example,
	 * keeps its processor for life; it is idle when it has no stream (or if that is not
	 * known, when no request runs at all), and nothing is left to write.
	 * @param requestActive whether any request is being processed
	 */
	boolean isIdle(boolean requestActive) {
		if (getSendfileData() != null || (getLock().isLocked() && !getLock().isHeldByCurrentThread())) {
			return false;
		}
		Processor processor = (Processor) getCurrentProcessor();
		if (isBetweenRequests(processor)) {
			return interestOpsHas(SelectionKey.OP_READ);
		}
		DrainableHttp2Handler http2 = http2Handler();
		boolean serving = (http2 != null) ? http2.activeStreams() > 0 : requestActive;
		return processor.isUpgrade() && !serving && !hasDataToWrite();
	}

	/**
	 * Return whether this connection was upgraded to WebSocket.
	 */
	boolean isWebSocket() {
		return isUpgradedTo("websocket");
	}

	/**
	 * Set the code with which this WebSocket is about to be closed.
	 */
	void closeCode(int code) {
		this.closeCode = code;
	}

	@Override
	protected <A> OperationState<A> newOperationState(boolean read, ByteBuffer[] buffers, int offset, int length,
			BlockingMode block, long timeout, TimeUnit unit, A attachment, CompletionCheck check,
			CompletionHandler<Long, ? super A> handler, Semaphore semaphore,
			VectoredIOCompletionHandler<A> completion) {
		CompletionCheck counted = (!read && tells(buffers, offset, length)) ? telling(check) : check;
		return super.newOperationState(read, buffers, offset, length, block, timeout, unit, attachment, counted,
				handler, semaphore, completion);
	}

	/**
	 * Return whether the bytes that are about to be written tell the client to go, and
	 * set the close code of this drain in them.
	 */
	private boolean tells(ByteBuffer[] buffers, int offset, int length) {
		if (this.farewell.isBegun() && WebSocketCloseFrame.isClose(buffers, offset, length)) {
			WebSocketCloseFrame.replaceCode(buffers, offset, length, this.closeCode);
			return true;
		}
		return this.farewell.isTelling() && isHttp2() && Http2GoAway.begins(buffers, offset, length);
	}

	/**
	 * Count the client as told when all bytes have been written. Tomcat calls the check
	 * after each partial write; it does not call the handler if all bytes could be
	 * written at once.
	 */
	private CompletionCheck telling(CompletionCheck check) {
		return (state, buffers, offset, length) -> {
			CompletionHandlerCall call = check.callHandler(state, buffers, offset, length);
			// With TLS some bytes may have been encrypted, but not written
			if (call != CompletionHandlerCall.CONTINUE && getSocket().getOutboundRemaining() == 0) {
				this.farewell.told();
			}
			return call;
		};
	}

	private boolean isUpgradedTo(String protocol) {
		return getCurrentProcessor() instanceof Processor processor && processor.isUpgrade()
				&& processor.getUpgradeToken() != null && protocol.equals(processor.getUpgradeToken().protocol());
	}

	/**
	 * Close a connection that has no request, or serve it if one has just arrived. To be
	 * called with the wrapper's lock held.
	 */
	void closeIdle() {
		if (isHttp2()) {
			// Until then a stream may arrive that could not be answered any more
			if (this.farewell.isRefusingFor(REFUSAL)) {
				closeHttp2();
			}
		}
		else if (getCurrentProcessor() == null && hasUnreadRequest()) {
			this.endpoint.processSocket(this, SocketEvent.OPEN_READ, true);
		}
		else {
			close(Fate.CLOSED_IDLE);
		}
	}

	/**
	 * Send a GOAWAY that names the last stream, then close: the client may send later
	 * streams again.
	 */
	private void closeHttp2() {
		if (getCurrentProcessor() instanceof Processor processor && this.farewell.begin()) {
			this.farewell.fate(Fate.CLOSED_IDLE);
			processor.timeoutAsync(-1);
		}
	}

	/**
	 * Return whether bytes have arrived that the poller has not seen yet. They would be
	 * lost if the connection were closed now.
	 */
	private boolean hasUnreadRequest() {
		try {
			return getSocket().isHandshakeComplete() && isReadyForRead();
		}
		catch (IOException ex) {
			// The client has gone
			return false;
		}
	}

	/**
	 * Close a connection.
	 * @param idle whether it has no request
	 */
	void cut(boolean idle) {
		// The end of an idle connection may have been started but not completed
		close((idle || this.farewell.fate() == Fate.CLOSED_IDLE) ? Fate.CLOSED_IDLE : Fate.CUT);
	}

	private void close(Fate reason) {
		this.farewell.fate(reason);
		close();
	}

	/**
	 * Take the connection out of the endpoint, if it is between two requests: it consists
	 * only of the socket then, and bytes that have arrived stay in the kernel. To be
	 * called with the wrapper's lock held.
	 * @return the channel, whose key has been cancelled but is still in the selector, or
	 * {@code null} if the connection cannot be taken out now
	 */
	@Nullable SocketChannel detach() {
		SocketChannel channel = getSocket().getIOChannel();
		Processor processor = (Processor) getCurrentProcessor();
		if (isClosed() || channel == null || getSendfileData() != null || !isBetweenRequests(processor)
				|| (processor != null && !interestOpsHas(SelectionKey.OP_READ))
				|| !getSocketBufferHandler().isReadBufferEmpty() || hasDataToWrite() || getError() != null) {
			return null;
		}
		SelectionKey key = channel.keyFor(getPoller().getSelector());
		if (key == null || !key.isValid()) {
			// Not registered yet, so the poller would register it after it was taken out
			return null;
		}
		close(Fate.DETACHED);
		return (this.farewell.fate() == Fate.DETACHED) ? channel : null;
	}

	@Override
	protected void doClose() {
		this.endpoint.connectionEnded(this.farewell.finalFate());
		if (this.farewell.fate() != Fate.DETACHED) {
			super.doClose();
			return;
		}
		NioChannel socket = getSocket();
		SocketChannel channel = socket.getIOChannel();
		this.endpoint.forget(channel);
		channel.keyFor(getPoller().getSelector()).cancel();
		this.socketBufferHandler = NO_CHANNEL.getBufHandler();
		reset(NO_CHANNEL);
		this.endpoint.recycle(socket);
	}

	@Override
	protected void populateRemoteAddr() {
		if (this.adopted != null) {
			this.remoteAddr = this.adopted.addresses().remote().getAddress().getHostAddress();
		}
		else {
			super.populateRemoteAddr();
		}
	}

	@Override
	protected void populateRemoteHost() {
		if (this.adopted != null) {
			this.remoteHost = this.adopted.addresses().remote().getAddress().getHostName();
		}
		else {
			super.populateRemoteHost();
		}
	}

	@Override
	protected void populateRemotePort() {
		if (this.adopted != null) {
			this.remotePort = this.adopted.addresses().remote().getPort();
		}
		else {
			super.populateRemotePort();
		}
	}

	@Override
	protected void populateLocalAddr() {
		if (this.adopted != null) {
			this.localAddr = this.adopted.addresses().local().getAddress().getHostAddress();
		}
		else {
			super.populateLocalAddr();
		}
	}

	@Override
	protected void populateLocalName() {
		if (this.adopted != null) {
			this.localName = this.adopted.addresses().local().getAddress().getHostName();
		}
		else {
			super.populateLocalName();
		}
	}

	@Override
	protected void populateLocalPort() {
		if (this.adopted != null) {
			this.localPort = this.adopted.addresses().local().getPort();
		}
		else {
			super.populateLocalPort();
		}
	}

}
