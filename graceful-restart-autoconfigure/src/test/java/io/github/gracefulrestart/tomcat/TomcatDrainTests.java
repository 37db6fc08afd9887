package io.github.gracefulrestart.tomcat;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Stream;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.WebSocketClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is left of a drain that has ended, which is nothing.
 */
class TomcatDrainTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	private static final int UNLIMITED = -1;

	private MovingServer server;

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	private RestartableNioEndpoint endpoint() {
		return this.server.protocol().endpoint();
	}

	private boolean hasWebSocket() {
		AtomicBoolean found = new AtomicBoolean();
		endpoint().forEachConnection((connection) -> found.compareAndSet(false, connection.isWebSocket()));
		return found.get();
	}

	private static void unlimited(TomcatServletWebServerFactory factory) {
		factory.addConnectorCustomizers(
				(connector) -> connector.setProperty("maxKeepAliveRequests", String.valueOf(UNLIMITED)));
	}

	@Test
	void whenADrainIsTakenBackThenAllIsAsBefore() throws Exception {
		this.server = MovingServer.start("server", TomcatDrainTests::unlimited);
		try (RawHttp client = this.server.connect()) {
			assertThat(client.get("/").close()).isFalse();
			HostDrain drain = this.server.beginDrain(false);
			assertThat(endpoint().drain()).isSameAs(drain);
			this.server.cancelDrain();
			assertThat(endpoint().drain()).isNull();
			assertThat(this.server.protocol().getMaxKeepAliveRequests()).isEqualTo(UNLIMITED);
			assertThat(client.get("/").close()).isFalse();
		}
	}

	/**
	 * Memory, for example, may run out in the middle.
	 */
	@Test
	void whenADrainCannotBeginThenAllIsAsBefore() throws Exception {
		FaultyQueue queue = new FaultyQueue();
		ThreadPoolExecutor executor = new ThreadPoolExecutor(4, 4, 1, TimeUnit.SECONDS, queue);
		executor.allowCoreThreadTimeOut(true);
		Consumer<TomcatServletWebServerFactory> webSockets = DrainEndTests::webSockets;
		this.server = MovingServer.start("server",
				webSockets.andThen(TomcatDrainTests::unlimited)
					.andThen((factory) -> factory
						.addConnectorCustomizers((connector) -> connector.getProtocolHandler().setExecutor(executor))));
		try (RawHttp client = this.server.connect();
				WebSocketClient webSocket = WebSocketClient.connect(this.server.port(), "/ws")) {
			assertThat(client.get("/").close()).isFalse();
			await().atMost(PATIENCE).until(this::hasWebSocket);
			queue.failsFromSecondLook = true;
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> this.server.host().beginDrain(false));
			queue.failsFromSecondLook = false;
			assertThat(endpoint().drain()).isNull();
			assertThat(this.server.protocol().getMaxKeepAliveRequests()).isEqualTo(UNLIMITED);
			assertThat(client.get("/").close()).isFalse();
			assertThat(webSocket.isOpen()).isTrue();
			this.server.beginDrain(false);
			this.server.cancelDrain();
		}
		finally {
			queue.failsFromSecondLook = false;
		}
	}

	@Test
	void whenAStreamEndsAfterTheDrainThenItsClientIsNotTold() throws Exception {
		this.server = MovingServer.start("server", DrainCountTests::http2);
		try (Http2Client client = Http2Client.connect(this.server.port())) {
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			this.server.beginDrain(false);
			Http2Stream late = client.get("/blocked?late");
			await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("late"));
			this.server.cancelDrain();
			this.server.servlet().release();
			assertThat(late.await(PATIENCE).isOk()).isTrue();
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			assertThat(client.goAways()).isEmpty();
		}
	}

	@Test
	void whenTheConnectorIsStartedAgainThenAnotherHostHasItsNewListener() throws Exception {
		this.server = MovingServer.start("server");
		ListenerHost first = this.server.host();
		this.server.connector().stop();
		assertThat(first.listener().isOpen()).isFalse();
		this.server.connector().start();
		ListenerHost second = this.server.host();
		assertThat(second).isNotSameAs(first);
		assertThat(second.listener().isOpen()).isTrue();
		try (RawHttp client = this.server.connect()) {
			assertThat(client.get("/").status()).isEqualTo(200);
			assertThat(second.connections().total()).isOne();
		}
	}

	/**
	 * The queue of an executor that fails where the drain looks at its size.
	 */
	private static final class FaultyQueue extends LinkedBlockingQueue<Runnable> {

		private static final long serialVersionUID = 1L;

		private volatile boolean failsFromSecondLook;

		private int looks;

		FaultyQueue() {
			super(1000);
		}

		@Override
		public int size() {
			if (this.failsFromSecondLook && this.looks++ > 0) {
				throw new IllegalStateException("injected");
			}
			return super.size();
		}

	}

}
