package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.restart.ListenerHost;
import io.github.gracefulrestart.restart.ListenerHosts;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Tomcat with connectors of every kind.
 */
class RestartableTomcatTests {

	@TempDir
	Path directory;

	private final Listeners listeners = new Listeners(null);

	private final ListenerHosts hosts = new ListenerHosts();

	private final List<Connector> additional = new ArrayList<>();

	private TomcatWebServer server;

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.stop();
			this.server.destroy();
		}
	}

	@Test
	void whenStartedThenEachConnectorHasAListenerThatServes() throws Exception {
		Connector plain = additional();
		plain.setPort(0);
		plain.setProperty("address", "127.0.0.1");
		Path path = this.directory.resolve("app.sock");
		Connector unix = additional();
		unix.setProperty("unixDomainSocketPath", path.toString());
		unix.setProperty("unixDomainSocketPathPermissions", "rwx------");
		start();
		assertThat(this.hosts.obstacles()).isEmpty();
		assertThat(this.hosts.open()).hasSize(3);
		assertThat(this.listeners.all()).extracting((listener) -> listener.key().toString())
			.containsExactlyInAnyOrder("server (127.0.0.1:0)", "server-2 (127.0.0.1:0)", path + " (unix:" + path + ")");
		assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
		for (ListenerHost host : this.hosts.open()) {
			assertThat(answer(host.listener().localAddress())).startsWith("HTTP/1.1 404");
		}
		assertThat(answer(UnixDomainSocketAddress.of(path))).startsWith("HTTP/1.1 404");
		assertThat(answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.getPort())))
			.startsWith("HTTP/1.1 404");
	}

	@Test
	void whenStoppedThenListenersAreClosed() throws Exception {
		Path path = this.directory.resolve("app.sock");
		additional().setProperty("unixDomainSocketPath", path.toString());
		start();
		this.server.stop();
		this.server.destroy();
		this.server = null;
		assertThat(this.listeners.all()).isEmpty();
		assertThat(this.hosts.open()).isEmpty();
		assertThat(path).doesNotExist();
	}

	@Test
	void whenConvertedThenHttp2IsSpoken() throws Exception {
		Connector connector = additional();
		connector.setPort(0);
		connector.setProperty("address", "127.0.0.1");
		connector.addUpgradeProtocol(new Http2Protocol());
		start();
		SocketAddress address = this.listeners.all().get(1).localAddress();
		try (SocketChannel client = SocketChannel.open(address)) {
			// The preface and an empty SETTINGS frame
			write(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
			ByteBuffer header = ByteBuffer.allocate(9);
			while (header.hasRemaining() && client.read(header) >= 0) {
				assertThat(client.isOpen()).isTrue();
			}
			assertThat(header.get(3)).as("type of the first frame").isEqualTo((byte) 4);
		}
	}

	@Test
	void whenConnectorIsOfAnotherKindThenItIsNamedAndServesNonetheless() throws Exception {
		Connector nio2 = new Connector(new Http11Nio2Protocol());
		nio2.setPort(0);
		nio2.setProperty("address", "127.0.0.1");
		this.additional.add(nio2);
		start();
		assertThat(this.hosts.obstacles()).singleElement()
			.asString()
			.isEqualTo("connector server-2 uses org.apache.coyote.http11.Http11Nio2Protocol, "
					+ "which cannot be handed over; use org.apache.coyote.http11.Http11NioProtocol");
		assertThat(this.hosts.open()).hasSize(1);
		assertThat(answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), nio2.getLocalPort())))
			.startsWith("HTTP/1.1 404");
	}

	@Test
	void whenProtocolOfTheFactoryIsAnotherThenItIsNamed() {
		TomcatServletWebServerFactory factory = factory();
		factory.setProtocol(Http11Nio2Protocol.class.getName());
		this.server = (TomcatWebServer) factory.getWebServer();
		this.server.start();
		assertThat(this.hosts.obstacles()).singleElement().asString().startsWith("connector server uses ");
		assertThat(this.hosts.open()).isEmpty();
	}

	private Connector additional() {
		Connector connector = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
		this.additional.add(connector);
		return connector;
	}

	private void start() {
		this.server = (TomcatWebServer) factory().getWebServer();
		this.server.start();
	}

	private TomcatServletWebServerFactory factory() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setBaseDirectory(this.directory.resolve("tomcat").toFile());
		factory.addAdditionalConnectors(this.additional.toArray(new Connector[0]));
		TomcatSettings settings = new TomcatSettings(Duration.ZERO, 1001, EventStreams.AUTO, null, 1);
		new RestartableTomcatCustomizer("server", this.listeners, this.hosts, settings).customize(factory);
		return factory;
	}

	private static String answer(SocketAddress address) throws IOException {
		try (SocketChannel client = SocketChannel.open(address)) {
			write(client, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	private static void write(SocketChannel client, String text) throws IOException {
		OutputStream out = Channels.newOutputStream(client);
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

}
