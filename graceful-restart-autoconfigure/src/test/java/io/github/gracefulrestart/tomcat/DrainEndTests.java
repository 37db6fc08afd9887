package io.github.gracefulrestart.tomcat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.host.Drain;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Ticker;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import io.github.gracefulrestart.testsupport.WebSocketClient;
import io.github.gracefulrestart.testsupport.WebSocketClosing;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * When connections that cannot move are ended, with a real server.
 */
class DrainEndTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	private static final String REQUESTS = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);

	private final List<AutoCloseable> opened = new ArrayList<>();

	private MovingServer server;

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.server.close();
	}

	/**
	 * Connect, and wait until the connection is accepted: the gate closes soon.
	 */
	private RawHttp connect() throws RequestFailedException {
		RawHttp client = this.server.connect();
		this.opened.add(client);
		await().atMost(PATIENCE).until(() -> this.server.host().connections().total() == 1);
		return client;
	}

	private Drain beginDrain(Duration drainTimeout) {
		this.server.host().listener().gate().close();
		Ticker clock = new Ticker();
		Drain drain = new Drain(List.of(this.server.host()), List.of(), null, settings(drainTimeout), clock,
				clock.now());
		drain.begin();
		return drain;
	}

	private static RestartSettings settings(Duration drainTimeout) {
		return new Limits().drain(drainTimeout).moveNothing().settings(Path.of("."));
	}

	/**
	 * Step until the drain is over.
	 * @return how long that took
	 */
	private static Duration finish(Drain drain) throws Exception {
		long begin = System.nanoTime();
		while (!drain.step()) {
			Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
			assertThat(elapsed).as("the drain has not ended").isLessThan(PATIENCE);
			LockSupport.parkNanos(Drain.INTERVAL.toNanos());
		}
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Nothing keeps idle connections here, as at the end of probation.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1000 })
	void whenIdleConnectionsAreClosedThenWebSocketsAreToldFirst(int spread) throws Exception {
		this.server = MovingServer.start("server", Duration.ofMillis(spread), DrainEndTests::webSockets);
		List<WebSocketClient> clients = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			clients.add(WebSocketClient.connect(this.server.port(), "/ws"));
			this.opened.add(clients.get(i));
		}
		Drain drain = beginDrain(PATIENCE);
		finish(drain);
		for (WebSocketClient client : clients) {
			assertThat(client.awaitClosing(PATIENCE))
				.isEqualTo(new WebSocketClosing(1001, "The server is stopping", ConnectionEnd.EOF));
		}
		assertThat(drain.summary()).isEqualTo(new DrainSummary(0, clients.size(), 0, 0, 0));
		drain.cancel();
	}

	@Test
	void whenAClientAlwaysHasAnotherRequestThenTheDrainEndsNevertheless() throws Exception {
		this.server = MovingServer.start("server", (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("maxKeepAliveRequests", "-1")));
		RawHttp client = connect();
		client.write(REQUESTS);
		Thread asking = start("asking", () -> client.write(REQUESTS));
		Thread reading = start("reading", client::read);
		Drain drain = beginDrain(Duration.ofMillis(500));
		assertThat(finish(drain)).isBetween(Duration.ofMillis(900), Duration.ofMillis(3000));
		assertThat(drain.summary()).isEqualTo(new DrainSummary(0, 0, 0, 0, 1));
		asking.join();
		reading.join();
		drain.cancel();
	}

	/**
	 * Do something again and again until the connection ends.
	 */
	private static Thread start(String name, Step step) {
		Thread thread = new Thread(() -> {
			try {
				while (true) {
					step.run();
				}
			}
			catch (RequestFailedException ex) {
				// The end
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@Test
	void whenNobodyWantsAListenerThenEventStreamsOfItGoOnUntilItsGateCloses() throws Exception {
		this.server = MovingServer.start("server");
		EventStreamReader early = EventStreamReader.open(this.server.port(), "/events?early");
		this.opened.add(early);
		AtomicLong time = new AtomicLong();
		Ticker clock = new Ticker(time::get);
		Drain drain = new Drain(List.of(), List.of(this.server.host()), null, settings(PATIENCE), clock,
				clock.deadline(Duration.ofSeconds(1)));
		drain.begin();
		EventStreamReader late = EventStreamReader.open(this.server.port(), "/events?late");
		this.opened.add(late);
		while (time.addAndGet(Drain.INTERVAL.toNanos()) < Duration.ofMillis(900).toNanos()) {
			assertThat(drain.step()).isFalse();
		}
		assertThat(early.isOpen()).isTrue();
		assertThat(late.isOpen()).isTrue();
		await().atMost(PATIENCE).until(() -> {
			time.addAndGet(Drain.INTERVAL.toNanos());
			return drain.step();
		});
		assertThat(drain.summary().cut()).isZero();
		drain.cancel();
	}

	@Test
	void whenAnotherTokenContainsCloseThenItsClientIsTold() throws Exception {
		this.server = MovingServer.start("server");
		RawHttp client = connect();
		Drain drain = beginDrain(PATIENCE);
		client.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: x-disclose\r\n\r\n");
		assertThat(client.read().close()).isTrue();
		finish(drain);
		assertThat(drain.summary()).isEqualTo(new DrainSummary(0, 1, 0, 0, 0));
		drain.cancel();
	}

	static void webSockets(TomcatServletWebServerFactory factory) {
		factory.addContextCustomizers((context) -> context.addServletContainerInitializer((classes, servletContext) -> {
			new WsSci().onStartup(Set.of(), servletContext);
			ServerContainer container = (ServerContainer) servletContext.getAttribute(ServerContainer.class.getName());
			try {
				container.addEndpoint(ServerEndpointConfig.Builder.create(Silent.class, "/ws")
					.configurator(new Silent.Factory())
					.build());
			}
			catch (DeploymentException ex) {
				throw new IllegalStateException(ex);
			}
		}, Set.of()));
	}

	@FunctionalInterface
	private interface Step {

		void run() throws RequestFailedException;

	}

	/**
	 * Has nothing to say.
	 */
	private static final class Silent extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			// It waits
		}

		private static final class Factory extends ServerEndpointConfig.Configurator {

			@Override
			public <T> T getEndpointInstance(Class<T> type) {
				return type.cast(new Silent());
			}

		}

	}

}
