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

import io.github.gracefulrestart.host.EventStreams;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.listener.Listeners;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A real Tomcat with connectors of every kind.
 */
@ExtendWith(OutputCaptureExtension.class)
class RestartableTomcatTests {

	@TempDir
	Path directory;

	private final Listeners listeners = new Listeners(null, true);

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
		customizer().customize(factory);
		this.server = (TomcatWebServer) factory.getWebServer();
		this.server.start();
		assertThat(this.hosts.obstacles()).singleElement().asString().startsWith("connector server uses ");
		assertThat(this.hosts.open()).isEmpty();
	}

	@Test
	void whenSocketCannotBeHandedOverBecauseItIsInheritedAlreadyThenSaysSo() {
		Connector inherited = additional();
		inherited.setProperty("useInheritedChannel", "true");
		// This JVM was started without a socket as descriptor 0
		assertThatExceptionOfType(WebServerException.class).isThrownBy(this::start);
		assertThat(this.hosts.obstacles()).singleElement()
			.asString()
			.startsWith("connector server-2 takes its socket from the process that started this one "
					+ "(useInheritedChannel)");
	}

	@Test
	void whenConnectorIsReplacedThenSaysThatTheOriginalIsOfNoUse(CapturedOutput output) {
		Connector kept = additional();
		kept.setPort(0);
		kept.setProperty("address", "127.0.0.1");
		List<String> events = new ArrayList<>();
		kept.addLifecycleListener((event) -> events.add(event.getType()));
		start();
		assertThat(output).contains("Connector server-2 was created with Tomcat's own protocol and has been replaced",
				"new Connector(factory.getProtocol())",
				"new Connector(\"" + RestartableHttp11NioProtocol.class.getName() + "\")");
		assertThat(events).contains(Lifecycle.AFTER_START_EVENT);
	}

	@Test
	void whenConnectorHasTheProtocolOfTheFactoryThenTheApplicationMayKeepIt(CapturedOutput output) throws Exception {
		TomcatServletWebServerFactory factory = factory();
		List<Connector> kept = new ArrayList<>();
		WebServerFactoryCustomizer<TomcatWebServerFactory> application = (customized) -> {
			Connector connector = new Connector(customized.getProtocol());
			connector.setPort(0);
			connector.setProperty("address", "127.0.0.1");
			customized.addAdditionalConnectors(connector);
			kept.add(connector);
		};
		new RestartableProtocolCustomizer().customize(factory);
		application.customize(factory);
		customizer().customize(factory);
		this.server = (TomcatWebServer) factory.getWebServer();
		this.server.start();
		assertThat(kept.get(0).getState()).isEqualTo(LifecycleState.STARTED);
		assertThat(this.hosts.open()).hasSize(2);
		assertThat(answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), kept.get(0).getLocalPort())))
			.startsWith("HTTP/1.1 404");
		assertThat(output).doesNotContain("has been replaced");
	}

	@Test
	void whenConnectorIsASubclassThenItIsNamedAndServesNonetheless() throws Exception {
		Connector own = new OwnConnector();
		own.setPort(0);
		own.setProperty("address", "127.0.0.1");
		this.additional.add(own);
		start();
		assertThat(this.hosts.obstacles()).singleElement()
			.asString()
			.startsWith("connector server-2 uses " + OwnConnector.class.getName());
		assertThat(answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), own.getLocalPort())))
			.startsWith("HTTP/1.1 404");
	}

	@Test
	void whenUsedOutsideOfAWebServerFactoryThenIsAsTomcatsOwn() throws Exception {
		Path path = this.directory.resolve("own.sock");
		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(this.directory.resolve("own").toString());
		for (String address : new String[] { "127.0.0.1", path.toString() }) {
			Connector connector = new Connector(RestartableHttp11NioProtocol.class.getName());
			connector.setPort(0);
			connector.setProperty(address.startsWith("/") ? "unixDomainSocketPath" : "address", address);
			tomcat.getService().addConnector(connector);
		}
		tomcat.getHost();
		tomcat.start();
		try {
			int port = tomcat.getService().findConnectors()[0].getLocalPort();
			assertThat(answer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
				.startsWith("HTTP/1.1 404");
			assertThat(answer(UnixDomainSocketAddress.of(path))).startsWith("HTTP/1.1 404");
		}
		finally {
			tomcat.stop();
			tomcat.destroy();
		}
		assertThat(path).doesNotExist();
	}

	/**
	 * Tomcat has checked the directory of the socket since 11.0.25.
	 */
	@Test
	void whenDirectoryOfTheSocketIsMissingThenItIsMadeAsByTomcat() throws Exception {
		Path parent = this.directory.resolve("run");
		assumeTomcatChecksTheParent(unix(parent));
		start();
		assertThat(Files.getPosixFilePermissions(parent)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
		assertThat(answer(UnixDomainSocketAddress.of(parent.resolve("app.sock")))).startsWith("HTTP/1.1 404");
	}

	@Test
	void whenDirectoryOfTheSocketIsOpenToAllThenDoesNotStartAsTomcat() throws Exception {
		Path parent = Files.createDirectory(this.directory.resolve("run"));
		Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxrwxrwx"));
		assumeTomcatChecksTheParent(unix(parent));
		assertThatExceptionOfType(WebServerException.class).isThrownBy(this::start);
		assertThat(parent).isEmptyDirectory();
	}

	private Connector unix(Path parent) {
		Connector unix = additional();
		unix.setProperty("unixDomainSocketPath", parent.resolve("app.sock").toString());
		unix.setProperty("unixDomainSocketPathPermissions", "rw-------");
		return unix;
	}

	private static void assumeTomcatChecksTheParent(Connector connector) {
		assumeThat(connector.setProperty("unixDomainSocketParentPermissions", "rwx------"))
			.as("this version of Tomcat knows the property")
			.isTrue();
	}

	private Connector additional() {
		Connector connector = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
		this.additional.add(connector);
		return connector;
	}

	private void start() {
		TomcatServletWebServerFactory factory = factory();
		customizer().customize(factory);
		this.server = (TomcatWebServer) factory.getWebServer();
		this.server.start();
	}

	private TomcatServletWebServerFactory factory() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setBaseDirectory(this.directory.resolve("tomcat").toFile());
		factory.addAdditionalConnectors(this.additional.toArray(new Connector[0]));
		return factory;
	}

	private RestartableTomcatCustomizer customizer() {
		return new RestartableTomcatCustomizer("server", this.listeners, this.hosts,
				new WebServerSettings(Duration.ZERO, 1001, EventStreams.AUTO, null, 1));
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

	static class OwnConnector extends Connector {

	}

}
