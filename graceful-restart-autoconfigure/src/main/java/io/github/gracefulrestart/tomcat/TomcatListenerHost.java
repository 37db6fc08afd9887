package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.restart.ConnectionCount;
import io.github.gracefulrestart.restart.DrainSummary;
import io.github.gracefulrestart.restart.ListenerHost;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One connector. It drains without Tomcat's {@code pause}, which would answer 503 or
 * nothing at all on kept-alive connections.
 */
final class TomcatListenerHost implements ListenerHost {

	/**
	 * With this limit Tomcat says {@code Connection: close} with every answer.
	 */
	private static final int LAST_REQUEST = 1;

	private final RestartableHttp11NioProtocol protocol;

	private final RequestActivity requests;

	private int maxKeepAliveRequests;

	private final Set<Object> draining = Collections.newSetFromMap(new IdentityHashMap<>());

	private long closedIdle;

	private long cut;

	private long finished;

	/**
	 * Create a host.
	 * @param protocol the connector's protocol
	 * @param requests tells whether requests are being processed
	 */
	TomcatListenerHost(RestartableHttp11NioProtocol protocol, RequestActivity requests) {
		this.protocol = protocol;
		this.requests = requests;
	}

	@Override
	public @Nullable Listener listener() {
		return this.protocol.endpoint().listener();
	}

	@Override
	public ConnectionCount connections() {
		int active = 0;
		int idle = 0;
		boolean requestActive = this.requests.isActive();
		for (SocketWrapperBase<NioChannel> connection : this.protocol.endpoint().openConnections()) {
			if (isIdle((NioSocketWrapper) connection, requestActive)) {
				idle++;
			}
			else {
				active++;
			}
		}
		return new ConnectionCount(active, idle);
	}

	/**
	 * A connection between requests has no processor and waits in the poller. One that
	 * was upgraded, to HTTP/2 for example, keeps its processor for life; it is idle when
	 * no request runs anywhere and nothing is left to write.
	 */
	private static boolean isIdle(NioSocketWrapper connection, boolean requestActive) {
		if (connection.getLock().isLocked() || connection.getSendfileData() != null) {
			return false;
		}
		Object processor = connection.getCurrentProcessor();
		if (processor == null) {
			return connection.interestOpsHas(SelectionKey.OP_READ);
		}
		return ((Processor) processor).isUpgrade() && !requestActive && !connection.hasDataToWrite();
	}

	@Override
	public void beginDrain() {
		this.maxKeepAliveRequests = this.protocol.getMaxKeepAliveRequests();
		this.protocol.setMaxKeepAliveRequests(LAST_REQUEST);
		this.closedIdle = 0;
		this.cut = 0;
		this.finished = 0;
		this.draining.clear();
		continueDrain();
	}

	@Override
	public void continueDrain() {
		// Sends GOAWAY on HTTP/2 connections, once on each; those that are busy at this
		// moment are not seen, hence again and again
		this.protocol.getHandler().pause();
		Set<Object> present = Collections.newSetFromMap(new IdentityHashMap<>());
		this.protocol.endpoint().openConnections().forEach(present::add);
		int before = this.draining.size();
		this.draining.retainAll(present);
		this.finished += before - this.draining.size();
		this.draining.addAll(present);
	}

	@Override
	public void cancelDrain() {
		this.protocol.setMaxKeepAliveRequests(this.maxKeepAliveRequests);
	}

	@Override
	public void closeIdle() {
		boolean requestActive = this.requests.isActive();
		for (SocketWrapperBase<NioChannel> connection : this.protocol.endpoint().openConnections()) {
			if (connection.getLock().tryLock()) {
				try {
					if (!connection.isClosed() && isIdleWhileLocked((NioSocketWrapper) connection, requestActive)) {
						connection.close();
						this.closedIdle += forget(connection);
					}
				}
				finally {
					connection.getLock().unlock();
				}
			}
		}
	}

	private static boolean isIdleWhileLocked(NioSocketWrapper connection, boolean requestActive) {
		Object processor = connection.getCurrentProcessor();
		if (processor == null) {
			return connection.interestOpsHas(SelectionKey.OP_READ);
		}
		return ((Processor) processor).isUpgrade() && !requestActive && !connection.hasDataToWrite();
	}

	private int forget(Object connection) {
		this.draining.remove(connection);
		return 1;
	}

	@Override
	public void cut() {
		for (SocketWrapperBase<NioChannel> connection : this.protocol.endpoint().openConnections()) {
			connection.close();
			this.cut += forget(connection);
		}
	}

	@Override
	public DrainSummary drained() {
		return new DrainSummary(this.finished, this.closedIdle, this.cut);
	}

	@Override
	public void closeListener(boolean inherited) throws IOException {
		this.protocol.endpoint().closeListener(inherited);
	}

	@Override
	public String toString() {
		return String.valueOf(listener());
	}

}
