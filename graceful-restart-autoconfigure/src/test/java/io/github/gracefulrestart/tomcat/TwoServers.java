package io.github.gracefulrestart.tomcat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two servers, each a Tomcat of its own; they share nothing but a control socket.
 */
abstract class TwoServers {

	static final Duration PATIENCE = MovingServer.PATIENCE;

	/**
	 * So often does a drain look at connections that must not move.
	 */
	static final int STEPS = 200;

	@TempDir
	Path directory;

	final List<AutoCloseable> opened = new ArrayList<>();

	MovingServer first;

	MovingServer second;

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.first.close();
		this.second.close();
	}

	void start() throws Exception {
		start((factory) -> {
		});
	}

	void start(Consumer<TomcatServletWebServerFactory> settings) throws Exception {
		join(MovingServer.start("first", settings), MovingServer.start("second", settings));
	}

	void join(MovingServer predecessor, MovingServer successor) throws Exception {
		this.first = predecessor;
		this.second = successor;
		MovingServer.join(this.first, this.second);
	}

	static Consumer<TomcatServletWebServerFactory> property(String name, Object value) {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty(name, String.valueOf(value)));
	}

	RawHttp connect() throws RequestFailedException {
		RawHttp client = this.first.connect();
		this.opened.add(client);
		return client;
	}

	List<RawHttp> connect(int count) throws RequestFailedException {
		List<RawHttp> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			clients.add(connect());
			assertAnswer(clients.get(i).get("/?" + i), this.first, String.valueOf(i));
		}
		return clients;
	}

	static void assertAnswer(HttpAnswer answer, MovingServer by, String query) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text()).startsWith(by.name() + " " + query + " ");
	}

	void assertNothingLost(int connections) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.first.countedConnections() + this.second.countedConnections())
				.isEqualTo(connections));
	}

	void steps(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			this.first.step();
		}
	}

	void awaitActive(int count) {
		await().atMost(PATIENCE).until(() -> this.first.host().connections().active() == count);
	}

	void awaitCounted(int count) {
		await().atMost(PATIENCE).until(() -> this.first.countedConnections() == count);
	}

	static long sockets() {
		return ProcFs.sockets(ProcessHandle.current().pid());
	}

}
