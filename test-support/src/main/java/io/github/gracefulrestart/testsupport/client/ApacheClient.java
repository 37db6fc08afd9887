package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

import io.github.gracefulrestart.testsupport.TrustAll;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.HttpEntities;

/**
 * Apache HttpClient 5, which looks at a connection before it uses it again only when that
 * was idle for two seconds.
 */
final class ApacheClient implements PooledClient {

	private static final int CONNECTIONS = 100;

	private final CloseableHttpClient client;

	ApacheClient() {
		this.client = HttpClients.custom()
			.disableAutomaticRetries()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setMaxConnPerRoute(CONNECTIONS)
				.setMaxConnTotal(CONNECTIONS)
				.setTlsSocketStrategy(new DefaultClientTlsStrategy(TrustAll.context(), NoopHostnameVerifier.INSTANCE))
				.build())
			.build();
	}

	@Override
	public Answer post(URI uri, byte[] body) throws IOException {
		HttpPost request = new HttpPost(uri);
		request.setEntity(HttpEntities.create(body, ContentType.APPLICATION_OCTET_STREAM));
		return this.client.execute(request,
				(response) -> new Answer(response.getCode(), EntityUtils.toString(response.getEntity())));
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
