package io.github.gracefulrestart.tomcat;

import org.apache.coyote.Processor;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 NIO protocol on a listener that survives a restart. Tomcat creates it
 * by its class name, so it must be public and have a constructor without arguments; there
 * is no other reason to use it directly.
 */
public final class RestartableHttp11NioProtocol extends Http11NioProtocol {

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
	public @Nullable UpgradeProtocol getNegotiatedProtocol(String name) {
		return drainable(super.getNegotiatedProtocol(name));
	}

	@Override
	public @Nullable UpgradeProtocol getUpgradeProtocol(String name) {
		return drainable(super.getUpgradeProtocol(name));
	}

	/**
	 * Add to Tomcat's HTTP/2 what a drain needs. A protocol of the application's own is
	 * left alone.
	 */
	private static @Nullable UpgradeProtocol drainable(@Nullable UpgradeProtocol protocol) {
		return (protocol instanceof Http2Protocol http2 && protocol.getClass() == Http2Protocol.class)
				? new DrainableHttp2Protocol(http2) : protocol;
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
