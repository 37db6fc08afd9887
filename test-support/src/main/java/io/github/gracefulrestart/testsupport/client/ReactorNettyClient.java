package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.AbstractProtocolSslContextSpec;
import reactor.netty.tcp.SslProvider;

/**
 * The client of Reactor Netty, as a {@code WebClient} uses it.
 */
final class ReactorNettyClient implements PooledClient {

	private static final int CONNECTIONS = 100;

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final ConnectionProvider provider = ConnectionProvider.create("pool", CONNECTIONS);

	private final HttpClient client;

	ReactorNettyClient(Speaks protocol) {
		HttpClient plain = HttpClient.create(this.provider).disableRetry(true);
		this.client = switch (protocol) {
			case HTTP1 -> plain.protocol(HttpProtocol.HTTP11);
			case H2C -> plain.protocol(HttpProtocol.H2C);
			case HTTP1_TLS -> secure(plain.protocol(HttpProtocol.HTTP11), Http11SslContextSpec.forClient());
			case H2 -> secure(plain.protocol(HttpProtocol.H2), Http2SslContextSpec.forClient());
		};
	}

	private static HttpClient secure(HttpClient client, AbstractProtocolSslContextSpec<?> specification) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> any = specification
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
				.endpointIdentificationAlgorithm(null));
		return client.secure((tls) -> tls.sslContext(any));
	}

	@Override
	public Answer post(URI uri, byte[] body) throws IOException {
		try {
			Answer answer = this.client.post()
				.uri(uri)
				.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
				.responseSingle((response, content) -> content.asString()
					.defaultIfEmpty("")
					.map((text) -> new Answer(response.status().code(), text)))
				.block(TIMEOUT);
			if (answer == null) {
				throw new IOException("no answer");
			}
			return answer;
		}
		catch (RuntimeException ex) {
			throw new IOException(String.valueOf((ex.getCause() != null) ? ex.getCause() : ex), ex);
		}
	}

	@Override
	public void close() {
		this.provider.dispose();
	}

}
