package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server with a key of its own.
 */
final class TestTls {

	private TestTls() {
	}

	/**
	 * Make a key.
	 * @param directory where to
	 * @return lets a server use it
	 */
	static Consumer<TomcatServletWebServerFactory> in(Path directory) throws IOException {
		Path file = directory.resolve("key.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12",
				"-storepass", "changeit", "-keystore", file.toString())
			.inheritIO()
			.start();
		assertThat(keytool.onExit().join().exitValue()).isZero();
		SslBundle bundle = SslBundle.of(new JksSslStoreBundle(
				new JksSslStoreDetails("PKCS12", null, file.toUri().toString(), "changeit"), null));
		return (factory) -> {
			factory.setSsl(Ssl.forBundle("test"));
			DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
			bundles.registerBundle("test", bundle);
			factory.setSslBundles(bundles);
		};
	}

}
