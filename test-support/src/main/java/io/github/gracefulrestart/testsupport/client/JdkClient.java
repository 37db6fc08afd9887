package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import io.github.gracefulrestart.testsupport.TrustAll;

/**
 * The client of the JDK, which repeats GET requests only.
 */
final class JdkClient implements PooledClient {

	static {
		// The certificate of the tests is for another name
		System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
	}

	private final HttpClient client;

	JdkClient(Speaks protocol) {
		this.client = HttpClient.newBuilder()
			.version(protocol.isHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
			.sslContext(TrustAll.context())
			.build();
	}

	@Override
	public Answer post(URI uri, byte[] body) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(Duration.ofSeconds(60))
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
		HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
		return new Answer(response.statusCode(), response.body());
	}

	@Override
	public void close() {
		// JDK 17 closes it with the process
	}

}
