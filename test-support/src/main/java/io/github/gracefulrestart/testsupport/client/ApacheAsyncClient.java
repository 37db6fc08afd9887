package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;

import io.github.gracefulrestart.testsupport.TrustAll;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/**
 * Apache HttpClient 5 without threads of its callers.
 */
final class ApacheAsyncClient implements PooledClient {

	private static final int CONNECTIONS = 100;

	private final CloseableHttpAsyncClient client;

	ApacheAsyncClient(Speaks protocol) {
		HttpVersionPolicy policy = protocol.isHttp2() ? HttpVersionPolicy.FORCE_HTTP_2 : HttpVersionPolicy.FORCE_HTTP_1;
		this.client = HttpAsyncClients.custom()
			.disableAutomaticRetries()
			.setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
				.setMaxConnPerRoute(CONNECTIONS)
				.setMaxConnTotal(CONNECTIONS)
				.setDefaultTlsConfig(TlsConfig.custom().setVersionPolicy(policy).build())
				.setTlsStrategy(new DefaultClientTlsStrategy(TrustAll.context(), NoopHostnameVerifier.INSTANCE))
				.build())
			.build();
		this.client.start();
	}

	@Override
	public Answer post(URI uri, byte[] body) throws IOException, InterruptedException {
		try {
			SimpleHttpResponse response = this.client
				.execute(SimpleRequestBuilder.post(uri).setBody(body, ContentType.APPLICATION_OCTET_STREAM).build(),
						null)
				.get();
			return new Answer(response.getCode(), response.getBodyText());
		}
		catch (ExecutionException ex) {
			throw new IOException(String.valueOf(ex.getCause()), ex);
		}
	}

	@Override
	public void close() {
		try {
			this.client.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
