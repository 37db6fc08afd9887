package io.github.gracefulrestart.it.failure;

import java.util.List;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LoadReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the other tests of this package prove with their load would be nothing if that
 * load did not notice a service that is stopped and started.
 */
class FailureLoadIT {

	@Test
	void whenStoppedAndStartedThenEachPartOfTheLoadNotices() {
		try (FailingService before = FailingService.start("failure-load-stopped")) {
			before.startLoad();
			long pid = before.service().pid();
			before.process().signal(pid, "TERM");
			before.process().awaitExit(pid, FailingService.PATIENCE);
			assertNoticed(before, 2);
		}
	}

	@Test
	@Tag("exhaustive")
	void whenKilledAndStartedThenTheLoadOfNewConnectionsNotices() {
		try (FailingService before = FailingService.start("failure-load-killed")) {
			before.startLoadOfNewConnections();
			long pid = before.service().pid();
			before.process().signal(pid, "KILL");
			before.process().awaitExit(pid, FailingService.PATIENCE);
			assertNoticed(before, 1);
		}
	}

	/**
	 * A successor that is killed on probation, without a predecessor that rolls back.
	 */
	@Test
	@Tag("exhaustive")
	void whenNobodyTakesBackThenTheLoadOfNewConnectionsNotices() {
		try (FailingService before = FailingService.start("failure-load-not-taken-back",
				"--graceful.restart.probation=5m")) {
			before.startLoadOfNewConnections();
			long predecessor = before.service().pid();
			long successor = before.trigger();
			before.awaitOutput("is on probation for another");
			for (long pid : new long[] { predecessor, successor }) {
				before.process().signal(pid, "KILL");
				before.process().awaitExit(pid, FailingService.PATIENCE);
			}
			assertNoticed(before, 1);
		}
	}

	private static void assertNoticed(FailingService before, int parts) {
		int port = before.service().port();
		try (SampleService after = SampleService.named("failure-load-started")
			.port(port)
			.args("--server.port=" + port)
			.start()) {
			assertThat(after.process().running()).isNotEmpty();
			List<LoadReport> reports = before.stopLoad();
			assertThat(reports).hasSize(parts)
				.allSatisfy((report) -> assertThat(report.failures()).as(report.toString()).isPositive());
		}
	}

}
