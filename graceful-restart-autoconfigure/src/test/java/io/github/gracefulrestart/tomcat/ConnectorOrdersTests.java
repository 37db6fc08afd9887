package io.github.gracefulrestart.tomcat;

import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Commands that an application, or an operator with a JMX console, gives to a connector
 * before, during and after a drain. Neither side knows of the other.
 */
class ConnectorOrdersTests {

	private static final Duration MOMENT = Duration.ofMillis(300);

	private final List<AutoCloseable> opened = new ArrayList<>();

	@TempDir
	Path directory;

	private MovingServer server;

	private HostDrain drain;

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
	}

	private MovingServer start(String name, Consumer<TomcatServletWebServerFactory> settings) {
		MovingServer started = MovingServer.start(name, settings);
		this.opened.add(0, started);
		return started;
	}

	private void start() {
		this.server = start("server", (factory) -> {
		});
	}

	/**
	 * Boot binds its own connector when it starts, and leaves the others to Tomcat.
	 */
	private static void bindEarly(TomcatServletWebServerFactory factory) {
		factory.addConnectorCustomizers((connector) -> connector.setProperty("bindOnInit", "true"));
	}

	private Listener listener() {
		return this.server.host().listener();
	}

	private void beginDrain() {
		listener().handOver();
		this.drain = this.server.host().beginDrain(false);
	}

	private void cancelDrain() {
		listener().takeBack();
		this.drain.cancel();
	}

	private RawHttp ask() throws Exception {
		RawHttp client = this.server.connect();
		this.opened.add(0, client);
		client.writeGet("/");
		return client;
	}

	private void assertWaits(RawHttp client) {
		assertThat(listener().gate().isOpen()).isFalse();
		client.timeout(MOMENT);
		assertThatExceptionOfType(RequestFailedException.class).isThrownBy(client::read);
		client.timeout(MovingServer.PATIENCE);
	}

	private void assertServed(RawHttp client) throws Exception {
		assertThat(listener().gate().isOpen()).isTrue();
		assertThat(client.read().status()).isEqualTo(200);
	}

	@Test
	void whenResumedDuringADrainThenAcceptsNothingBeforeTheDrainIsTakenBack() throws Exception {
		start();
		this.server.connector().pause();
		beginDrain();
		this.server.connector().resume();
		RawHttp client = ask();
		assertWaits(client);
		cancelDrain();
		assertServed(client);
	}

	@Test
	void whenDrainIsTakenBackThenAPausedConnectorAcceptsNothingBeforeItIsResumed() throws Exception {
		start();
		beginDrain();
		this.server.connector().pause();
		cancelDrain();
		RawHttp client = ask();
		assertWaits(client);
		this.server.connector().resume();
		assertServed(client);
	}

	@Test
	void whenStoppedAndStartedThenServesAgain() throws Exception {
		this.server = start("server", ConnectorOrdersTests::bindEarly);
		this.server.connector().stop();
		this.server.connector().start();
		assertServed(ask());
	}

	@Test
	void whenStoppedAndStartedDuringADrainThenAcceptsNothingBeforeTheDrainIsTakenBack() throws Exception {
		this.server = start("server", ConnectorOrdersTests::bindEarly);
		beginDrain();
		this.server.connector().stop();
		this.server.connector().start();
		RawHttp client = ask();
		assertWaits(client);
		cancelDrain();
		assertServed(client);
	}

	@Test
	void whenStoppedWhileConnectionsMoveThenTheDrainGoesOn() throws Exception {
		start();
		MovingServer successor = start("successor", (factory) -> {
		});
		MovingServer.join(this.server, successor);
		assertServed(ask());
		ListenerHost host = this.server.host();
		this.server.beginDrain(successor.capacity());
		this.server.connector().stop();
		assertThat(this.server.drain().detach(1, true)).isEmpty();
		assertThat(host.connections()).isEqualTo(ConnectionCount.NONE);
		this.server.drain().cancel();
	}

	@Test
	void whenStoppedDuringADrainThenTheFileOfTheSocketStaysForTheSuccessor() throws Exception {
		Path path = this.directory.resolve("app.sock");
		this.server = start("server", (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("unixDomainSocketPath", path.toString())));
		beginDrain();
		this.server.connector().stop();
		assertThat(path).exists();
	}

	@Test
	void whenDrainIsTakenBackThenTheFileOfTheSocketGoesWithIt() throws Exception {
		Path path = this.directory.resolve("app.sock");
		this.server = start("server", (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("unixDomainSocketPath", path.toString())));
		beginDrain();
		cancelDrain();
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			assertThat(client.isConnected()).isTrue();
		}
		this.server.connector().stop();
		assertThat(path).doesNotExist();
	}

}
