package io.github.gracefulrestart.it.migration;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.it.Fates;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.WebSocketClient;
import io.github.gracefulrestart.testsupport.WebSocketClosing;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose queue of requests is much shorter than the number of its
 * WebSockets.
 */
@Isolated
class BoundedQueueIT {

	private static final Size ORDINARY = new Size(400, 20, 80);

	/**
	 * Far more WebSockets than the threads and the queue of the service hold, and not
	 * more connections: a JVM that has just started would refuse those by itself.
	 */
	private static final Size LARGE = new Size(1000, 20, 400);

	@Test
	void whenRestartedThenEachWebSocketIsToldAndNoRequestIsLostAndWhenKilledNoneIsTold() throws Exception {
		try (SampleService service = start("bounded-queue", "--graceful.restart.connections=close")) {
			restart(service, ORDINARY);
			kill(service);
		}
	}

	@Test
	@Tag("exhaustive")
	void whenThereAreFarMoreThanTheQueueHoldsThenEachWebSocketIsTold() throws Exception {
		try (SampleService service = start("bounded-queue-large")) {
			restart(service, LARGE);
		}
	}

	private static SampleService start(String name, String... arguments) {
		return SampleService.named(name)
			.args("--server.tomcat.threads.max=10", "--server.tomcat.threads.max-queue-capacity=20",
					"--server.tomcat.max-keep-alive-requests=-1")
			.args(arguments)
			.start();
	}

	private static void restart(SampleService service, Size size) throws Exception {
		List<WebSocketClient> clients = new ArrayList<>();
		try (LoadGenerator load = load(service, size)) {
			connect(service, size, clients);
			SampleService.Restart restart = service.handOver();
			for (WebSocketClient client : clients) {
				WebSocketClosing closing = client.awaitClosing(SampleService.PATIENCE);
				assertThat(closing.code()).as(closing.toString()).isEqualTo(1001);
			}
			service.awaitPredecessorGone(restart);
			LoadReport report = load.stop();
			assertThat(report.failuresByKind()).isEmpty();
			// The others are those of the load
			assertThat(Fates.of(service, "told")).isBetween(size.webSockets(), size.webSockets() + size.connections());
			assertThat(Fates.of(service, "cut")).isZero();
		}
		finally {
			clients.forEach(WebSocketClient::close);
		}
	}

	/**
	 * The negative control of the test above: the same clients notice lost requests.
	 */
	private static void kill(SampleService service) throws Exception {
		List<WebSocketClient> clients = new ArrayList<>();
		try (LoadGenerator load = load(service, ORDINARY)) {
			connect(service, ORDINARY, clients);
			load.awaitRequests(ORDINARY.connections(), SampleService.PATIENCE);
			service.process().signal(service.pid(), "KILL");
			for (WebSocketClient client : clients) {
				WebSocketClosing closing = client.awaitClosing(SampleService.PATIENCE);
				assertThat(closing.code()).as(closing.toString()).isNotEqualTo(1001);
			}
			load.awaitRequests(load.requests() + ORDINARY.connections(), SampleService.PATIENCE);
			assertThat(load.stop().failures()).isPositive();
		}
		finally {
			clients.forEach(WebSocketClient::close);
		}
	}

	private static LoadGenerator load(SampleService service, Size size) {
		return LoadGenerator
			.start(LoadSettings.keepAlive(service.port(), size.connections()).rate(size.requestsPerSecond()));
	}

	private static void connect(SampleService service, Size size, List<WebSocketClient> clients) throws Exception {
		for (int i = 0; i < size.webSockets(); i++) {
			clients.add(WebSocketClient.connect(service.port(), "/ws"));
		}
	}

	/**
	 * How many clients there are, and how much they ask for.
	 */
	private record Size(int webSockets, int connections, double requestsPerSecond) {

	}

}
