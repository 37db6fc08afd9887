package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.channels.SocketChannel;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.posix.AdoptedChannel;
import io.github.gracefulrestart.posix.ReceivedConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connector, for as long as one listener of it is open.
 */
final class TomcatListenerHost implements ListenerHost {

	private static final Log logger = LogFactory.getLog(TomcatListenerHost.class);

	private final Listener listener;

	private final RestartableHttp11NioProtocol protocol;

	private final RequestActivity requests;

	private final WebServerSettings settings;

	/**
	 * Create a host.
	 * @param listener the listener that the connector has opened
	 * @param protocol the connector's protocol
	 * @param requests tells whether requests are being processed
	 * @param settings the settings of the application
	 */
	TomcatListenerHost(Listener listener, RestartableHttp11NioProtocol protocol, RequestActivity requests,
			WebServerSettings settings) {
		this.listener = listener;
		this.protocol = protocol;
		this.requests = requests;
		this.settings = settings;
	}

	@Override
	public Listener listener() {
		return this.listener;
	}

	@Override
	public ConnectionCount connections() {
		int[] counts = new int[2];
		TomcatDrain drain = endpoint().drain();
		boolean requestActive = this.requests.isActive();
		endpoint().forEachConnection((connection) -> {
			boolean idle = (drain != null) ? drain.isIdle(connection, requestActive) : connection.isIdle(requestActive);
			counts[idle ? 1 : 0]++;
		});
		// Counted last, so that a connection that leaves in the meantime may be counted
		// twice, but is not missed
		return new ConnectionCount(counts[0] + ((drain != null) ? drain.leaving() : 0), counts[1]);
	}

	private RestartableNioEndpoint endpoint() {
		return this.protocol.endpoint();
	}

	@Override
	public HostDrain beginDrain(boolean move) {
		TomcatDrain drain = new TomcatDrain(this, this.protocol, this.requests, this.settings);
		try {
			drain.begin(move);
		}
		catch (RuntimeException | Error ex) {
			cancel(drain, ex);
			throw ex;
		}
		return drain;
	}

	private static void cancel(TomcatDrain drain, Throwable failure) {
		try {
			drain.cancel();
		}
		catch (RuntimeException | Error ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public @Nullable String adopt(ReceivedConnection connection, ConnectionState state) throws IOException {
		AdoptedChannel adopted = connection.toChannel();
		if (endpoint().adopt(adopted, state)) {
			return null;
		}
		closeQuietly(adopted.channel());
		return "the limit of " + this.protocol.getMaxConnections() + " connections of " + this.listener + " is reached";
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
	public void closeListener(boolean inherited) throws IOException {
		endpoint().closeListener(inherited);
	}

	@Override
	public String toString() {
		return this.listener.toString();
	}

}
