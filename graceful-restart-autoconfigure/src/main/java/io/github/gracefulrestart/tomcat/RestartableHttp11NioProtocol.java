package io.github.gracefulrestart.tomcat;

import java.time.Duration;

import org.apache.coyote.Processor;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;

/**
 * Tomcat's HTTP/1.1 NIO protocol on a listener that survives a restart. Tomcat creates it
 * by its class name, so it must be public and have a constructor without arguments; there
 * is no other reason to use it directly.
 *
 * @since 0.1.0
 */
public final class RestartableHttp11NioProtocol extends Http11NioProtocol {

	/**
	 * How long a draining HTTP/2 connection takes new streams after its first GOAWAY.
	 * Tomcat's default is the last round trip that it measured, often on an idle
	 * connection: the final GOAWAY then disowns streams that were on their way. Clients
	 * that obey the first one do not notice the difference.
	 */
	private static final Duration HTTP2_DRAIN = Duration.ofSeconds(2);

	private final RestartableNioEndpoint endpoint;

	private final Http11Processors processors = new Http11Processors();

	private final WaitingStreams streams = new WaitingStreams();

	/**
	 * Create the protocol with an endpoint of its own.
	 */
	public RestartableHttp11NioProtocol() {
		this(new RestartableNioEndpoint());
	}

	private RestartableHttp11NioProtocol(RestartableNioEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	@Override
	public void addUpgradeProtocol(UpgradeProtocol upgradeProtocol) {
		if (upgradeProtocol instanceof Http2Protocol http2 && http2.getDrainTimeout() == 0) {
			http2.setDrainTimeout(HTTP2_DRAIN.toNanos());
		}
		super.addUpgradeProtocol(upgradeProtocol);
	}

	@Override
	protected Processor createProcessor() {
		return this.processors.add(new RestartableHttp11Processor(this, getAdapter()));
	}

	@Override
	public void addWaitingProcessor(Processor processor) {
		this.streams.add(processor);
		super.addWaitingProcessor(processor);
	}

	@Override
	public void removeWaitingProcessor(Processor processor) {
		super.removeWaitingProcessor(processor);
		this.streams.remove(processor);
	}

	Http11Processors processors() {
		return this.processors;
	}

	WaitingStreams streams() {
		return this.streams;
	}

	RestartableNioEndpoint endpoint() {
		return this.endpoint;
	}

}
