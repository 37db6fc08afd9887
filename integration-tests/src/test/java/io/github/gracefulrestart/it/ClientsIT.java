package io.github.gracefulrestart.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.testsupport.client.ClientKind;
import io.github.gracefulrestart.testsupport.client.ClientLoad;
import io.github.gracefulrestart.testsupport.client.Speaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients of other people's making over TLS, which cannot move, with POST requests that
 * they do not repeat: one that looks at a connection only after two seconds without a
 * request, and one that takes GOAWAY for the end of all its streams.
 */
@Isolated
class ClientsIT {

	private static final Duration PAUSE = Duration.ofMillis(1500);

	private static final int RESTARTS = 2;

	@Test
	void whenRestartedThenNoRequestFails() {
		int port = SampleService.freePort();
		List<ClientLoad> loads = new ArrayList<>();
		try (SampleService service = on(port, "clients").start()) {
			start(loads, port);
			for (int i = 0; i < RESTARTS; i++) {
				service.restart();
			}
			stop(loads);
			assertThat(loads).allSatisfy((load) -> {
				assertThat(load.failures()).as(load.name()).isEmpty();
				assertThat(load.answers()).as(load.name()).isPositive();
			});
		}
		finally {
			loads.forEach(ClientLoad::close);
		}
	}

	@Test
	void whenStoppedAndStartedThenRequestsFail() {
		int port = SampleService.freePort();
		List<ClientLoad> loads = new ArrayList<>();
		try (SampleService before = on(port, "clients-stopped").start()) {
			start(loads, port);
			long pid = before.pid();
			before.process().signal(pid, "TERM");
			before.process().awaitExit(pid, SampleService.PATIENCE);
			try (SampleService after = on(port, "clients-started").start()) {
				assertThat(after.pid()).isNotEqualTo(pid);
				stop(loads);
			}
			assertThat(loads).allSatisfy((load) -> assertThat(load.failures()).as(load.name()).isNotEqualTo(Map.of()));
		}
		finally {
			loads.forEach(ClientLoad::close);
		}
	}

	private static void start(List<ClientLoad> loads, int port) {
		loads.add(ClientLoad.start(ClientKind.APACHE, Speaks.HTTP1_TLS, port, 2, PAUSE));
		loads.add(ClientLoad.start(ClientKind.JDK, Speaks.H2, port, 10, PAUSE));
		loads.add(ClientLoad.start(ClientKind.JDK, Speaks.HTTP1_TLS, port, 2, PAUSE));
		await().atMost(SampleService.PATIENCE)
			.until(() -> loads.stream().allMatch((load) -> load.answers() > 2 || !load.failures().isEmpty()));
		assertThat(loads).allSatisfy((load) -> assertThat(load.failures()).as(load.name()).isEmpty());
	}

	private static void stop(List<ClientLoad> loads) {
		List<Long> before = loads.stream().map(ClientLoad::answers).toList();
		await().atMost(SampleService.PATIENCE).until(() -> {
			for (int i = 0; i < before.size(); i++) {
				if (loads.get(i).answers() < before.get(i) + 2 && loads.get(i).failures().isEmpty()) {
					return false;
				}
			}
			return true;
		});
		loads.forEach(ClientLoad::stop);
	}

	private static SampleService.Builder on(int port, String name) {
		return SampleService.named(name)
			.port(port)
			.args("--server.port=" + port, "--spring.profiles.active=http2,tls")
			.tls();
	}

}
