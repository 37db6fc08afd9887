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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose queue of requests is much shorter than the number of its
 * WebSockets.
 */
@Isolated
class BoundedQueueIT {

	private static final int WEB_SOCKETS = 400;

	private static final int CONNECTIONS = 20;

	private static final double REQUESTS_PER_SECOND = 80;

	@Test
	void whenRestartedThenEachWebSocketIsToldAndNoRequestIsLostAndWhenKilledNoneIsTold() throws Exception {
		List<WebSocketClient> clients = new ArrayList<>();
		try (SampleService service = SampleService.named("bounded-queue")
			.args("--server.tomcat.threads.max=10", "--server.tomcat.threads.max-queue-capacity=20",
					"--server.tomcat.max-keep-alive-requests=-1", "--graceful.restart.connections=close")
			.start(); LoadGenerator load = load(service)) {
			connect(service, clients);
			SampleService.Restart restart = service.handOver();
			for (WebSocketClient client : clients) {
				WebSocketClosing closing = client.awaitClosing(SampleService.PATIENCE);
				assertThat(closing.code()).as(closing.toString()).isEqualTo(1001);
			}
			service.awaitPredecessorGone(restart);
			LoadReport report = load.stop();
			assertThat(report.failuresByKind()).isEmpty();
			// The others are those of the load
			assertThat(Fates.of(service, "told")).isBetween(WEB_SOCKETS, WEB_SOCKETS + CONNECTIONS);
			assertThat(Fates.of(service, "cut")).isZero();
			kill(service);
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
		try (LoadGenerator load = load(service)) {
			connect(service, clients);
			load.awaitRequests(CONNECTIONS, SampleService.PATIENCE);
			service.process().signal(service.pid(), "KILL");
			for (WebSocketClient client : clients) {
				WebSocketClosing closing = client.awaitClosing(SampleService.PATIENCE);
				assertThat(closing.code()).as(closing.toString()).isNotEqualTo(1001);
			}
			load.awaitRequests(load.requests() + CONNECTIONS, SampleService.PATIENCE);
			assertThat(load.stop().failures()).isPositive();
		}
		finally {
			clients.forEach(WebSocketClient::close);
		}
	}

	private static LoadGenerator load(SampleService service) {
		return LoadGenerator.start(LoadSettings.keepAlive(service.port(), CONNECTIONS).rate(REQUESTS_PER_SECOND));
	}

	private static void connect(SampleService service, List<WebSocketClient> clients) throws Exception {
		for (int i = 0; i < WEB_SOCKETS; i++) {
			clients.add(WebSocketClient.connect(service.port(), "/ws"));
		}
	}

}
