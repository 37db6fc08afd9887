package io.github.gracefulrestart.it;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.MixedReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of traffic while the service restarts, and, to show that this load notices
 * what it should notice, while it is stopped and started anew.
 */
@Isolated
class LoadIT {

	/**
	 * Requests that each load must have behind it before the next thing happens to the
	 * service.
	 */
	private static final long SETTLED = 4;

	@Test
	void whenRestartedUnderLoadThenNoRequestFails() {
		try (SampleService service = SampleService.named("load").start();
				MixedLoad load = MixedLoad.startUsual(service.port())) {
			load.awaitRequests(SETTLED, SampleService.PATIENCE);
			SampleService.Restart first = service.restart();
			SampleService.Restart second = service.restart();
			SampleService.Restart third = service.restart();
			MixedReport report = load.stop();
			assertThat(report.byName()).as(report.toString()).allSatisfy((name, part) -> {
				assertThat(part.failuresByKind()).isEmpty();
				assertThat(part.unsent()).isZero();
			});
			Set<Long> pids = Stream.of(first.predecessor(), first.successor(), second.successor(), third.successor())
				.collect(Collectors.toSet());
			assertThat(pids).hasSize(4);
			for (String name : new String[] { "close", "keepalive", "idle" }) {
				assertThat(report.get(name).served()).as(report.toString()).containsOnlyKeys(pids);
			}
		}
	}

	@Test
	void whenRestartedUnderTlsLoadThenNoRequestFails() {
		try (SampleService service = SampleService.named("load-tls").args("--spring.profiles.active=tls").tls().start();
				MixedLoad load = startTls(service.port())) {
			load.awaitRequests(SETTLED, SampleService.PATIENCE);
			service.restart();
			SampleService.Restart last = service.restart();
			MixedReport report = load.stop();
			assertThat(report.byName()).as(report.toString()).allSatisfy((name, part) -> {
				assertThat(part.failuresByKind()).isEmpty();
				assertThat(part.served()).containsKey(last.successor());
			});
		}
	}

	@Test
	void whenStoppedAndStartedUnderLoadThenRequestsFail() {
		int port = SampleService.freePort();
		try (SampleService before = on(port, "stopped").start(); MixedLoad load = MixedLoad.startUsual(port)) {
			load.awaitRequests(SETTLED, SampleService.PATIENCE);
			long first = stop(before);
			try (SampleService after = on(port, "started").start()) {
				assertThat(after.pid()).isNotEqualTo(first);
				assertEveryLoadNoticed(load.stop());
			}
		}
	}

	@Test
	@Tag("exhaustive")
	void whenStoppedAndStartedUnderTlsLoadThenRequestsFail() {
		int port = SampleService.freePort();
		try (SampleService before = on(port, "stopped-tls").args("--spring.profiles.active=tls").tls().start();
				MixedLoad load = startTls(port)) {
			load.awaitRequests(SETTLED, SampleService.PATIENCE);
			long first = stop(before);
			try (SampleService after = on(port, "started-tls").args("--spring.profiles.active=tls").tls().start()) {
				assertThat(after.pid()).isNotEqualTo(first);
				assertEveryLoadNoticed(load.stop());
			}
		}
	}

	private static void assertEveryLoadNoticed(MixedReport report) {
		assertThat(report.byName()).as(report.toString())
			.allSatisfy((name, part) -> assertThat(part.failures()).isPositive());
	}

	private static SampleService.Builder on(int port, String name) {
		return SampleService.named(name).port(port).args("--server.port=" + port);
	}

	private static long stop(SampleService service) {
		long pid = service.pid();
		service.process().signal(pid, "TERM");
		service.process().awaitExit(pid, SampleService.PATIENCE);
		return pid;
	}

	private static MixedLoad startTls(int port) {
		return MixedLoad.start(LoadSettings.close(port, 2).rate(20).tls(),
				LoadSettings.keepAlive(port, 8).rate(200).tls(),
				LoadSettings.idle(port, 16, Duration.ofMillis(400)).tls());
	}

}
