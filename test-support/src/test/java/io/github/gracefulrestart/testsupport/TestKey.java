package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key for TLS servers of the tests, made when first needed.
 */
final class TestKey {

	static final String PASSWORD = "changeit";

	private TestKey() {
	}

	static synchronized Path file() throws IOException {
		Path file = Path.of("target", "test-key.p12").toAbsolutePath();
		if (!Files.exists(file)) {
			// Several JVMs may come to this at the same time
			Path made = file.resolveSibling("test-key-" + ProcessHandle.current().pid() + ".p12");
			String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
			Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname",
					"CN=localhost", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", made.toString())
				.inheritIO()
				.start();
			if (process.onExit().join().exitValue() != 0) {
				throw new IOException("keytool failed");
			}
			Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
		}
		return file;
	}

	static SSLContext serverContext() throws IOException {
		try (InputStream in = Files.newInputStream(file())) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(in, PASSWORD.toCharArray());
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(store, PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
