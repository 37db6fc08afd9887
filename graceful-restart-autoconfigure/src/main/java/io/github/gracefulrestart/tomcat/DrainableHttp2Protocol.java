package io.github.gracefulrestart.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.UpgradeToken;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.coyote.http11.upgrade.UpgradeProcessorInternal;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 as the application has configured it, with handlers that can drain.
 */
final class DrainableHttp2Protocol implements UpgradeProtocol {

	private final Http2Protocol http2;

	DrainableHttp2Protocol(Http2Protocol http2) {
		this.http2 = http2;
	}

	@Override
	public @Nullable String getHttpUpgradeName(boolean isSSLEnabled) {
		return this.http2.getHttpUpgradeName(isSSLEnabled);
	}

	@Override
	public byte[] getAlpnIdentifier() {
		return this.http2.getAlpnIdentifier();
	}

	@Override
	public String getAlpnName() {
		return this.http2.getAlpnName();
	}

	@Override
	public Processor getProcessor(SocketWrapperBase<?> connection, Adapter adapter) {
		if (!connection.hasAsyncIO()) {
			return this.http2.getProcessor(connection, adapter);
		}
		UpgradeToken token = new UpgradeToken(new DrainableHttp2Handler(this.http2, adapter, null, connection), null,
				null, this.http2.getUpgradeProtocolName());
		return new UpgradeProcessorInternal(connection, token, null);
	}

	@Override
	public InternalHttpUpgradeHandler getInternalUpgradeHandler(SocketWrapperBase<?> connection, Adapter adapter,
			Request request) {
		return connection.hasAsyncIO() ? new DrainableHttp2Handler(this.http2, adapter, request, connection)
				: this.http2.getInternalUpgradeHandler(connection, adapter, request);
	}

	@Override
	public boolean accept(Request request) {
		return this.http2.accept(request);
	}

	@Override
	public void setHttp11Protocol(AbstractHttp11Protocol<?> protocol) {
		this.http2.setHttp11Protocol(protocol);
	}

}
