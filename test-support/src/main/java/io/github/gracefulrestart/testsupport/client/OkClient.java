package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;

import io.github.gracefulrestart.testsupport.TrustAll;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * OkHttp, told not to try again when a connection fails.
 */
final class OkClient implements PooledClient {

	private static final MediaType BYTES = Objects.requireNonNull(MediaType.parse("application/octet-stream"));

	private final OkHttpClient client;

	OkClient(Speaks protocol) {
		List<Protocol> protocols = switch (protocol) {
			case HTTP1, HTTP1_TLS -> List.of(Protocol.HTTP_1_1);
			case H2C -> List.of(Protocol.H2_PRIOR_KNOWLEDGE);
			case H2 -> List.of(Protocol.HTTP_2, Protocol.HTTP_1_1);
		};
		this.client = new OkHttpClient.Builder().retryOnConnectionFailure(false)
			.protocols(protocols)
			.sslSocketFactory(TrustAll.context().getSocketFactory(), TrustAll.manager())
			.hostnameVerifier((name, session) -> true)
			.build();
	}

	@Override
	public Answer post(URI uri, byte[] body) throws IOException {
		Request request = new Request.Builder().url(uri.toString()).post(RequestBody.create(body, BYTES)).build();
		try (Response response = this.client.newCall(request).execute()) {
			return new Answer(response.code(), Objects.requireNonNull(response.body()).string());
		}
	}

	@Override
	public void close() {
		this.client.connectionPool().evictAll();
		this.client.dispatcher().executorService().shutdown();
	}

}
