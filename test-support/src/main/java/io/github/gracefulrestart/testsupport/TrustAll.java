package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS for clients of a test server: any certificate is accepted.
 */
public final class TrustAll {

	private static final SSLContext CONTEXT = createContext();

	private TrustAll() {
	}

	/**
	 * Return a context for clients that handshake by themselves.
	 * @return the context
	 */
	public static SSLContext context() {
		return CONTEXT;
	}

	/**
	 * Return what accepts any certificate.
	 * @return the trust manager
	 */
	public static X509TrustManager manager() {
		return new AnyCertificate();
	}

	/**
	 * Wrap a connected socket and complete the handshake.
	 * @param socket the connected socket; closed together with the result
	 * @param protocols application protocols to offer (ALPN), most preferred first
	 * @return the TLS socket
	 * @throws IOException if the handshake fails
	 */
	public static SSLSocket handshake(Socket socket, String... protocols) throws IOException {
		SSLSocket result = (SSLSocket) CONTEXT.getSocketFactory()
			.createSocket(socket, "localhost", socket.getPort(), true);
		if (protocols.length > 0) {
			SSLParameters parameters = result.getSSLParameters();
			parameters.setApplicationProtocols(protocols);
			result.setSSLParameters(parameters);
		}
		result.startHandshake();
		return result;
	}

	private static SSLContext createContext() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new AnyCertificate() }, new SecureRandom());
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("TLS is not available in this JVM", ex);
		}
	}

	private static final class AnyCertificate extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
