package io.github.gracefulrestart.supervisor;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import io.github.gracefulrestart.supervisor.Supervision.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisorCheckTests {

	private static final String OBSTACLE = "it is too old";

	@Test
	void whenNobodyWatchesThenARestartPasses() {
		assertThat(check(new Supervision(Kind.NONE, "no supervisor recognized", null), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenSystemdHasAFileThenARestartPasses() {
		assertThat(check(new Supervision(Kind.PID_FILE, "systemd", null), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenSystemdHasNoFileThenARestartIsRefused() {
		PreflightResult result = check(new Supervision(Kind.UNSUITABLE, "systemd", null), null);
		assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(result.message()).contains("PIDFile=", "RuntimeDirectory=", "--graceful.restart.print=systemd-unit");
	}

	@Test
	void whenTheKeeperRunsThenARestartPasses() {
		PreflightResult result = check(new Supervision(Kind.KEEPER, "tini", null), null);
		assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
		assertThat(result.message()).contains("tini", "keeper");
	}

	@Test
	void whenTheKeeperDoesNotRunThenNoRestartIsPossible() {
		PreflightResult result = check(new Supervision(Kind.KEEPER, "tini", null), OBSTACLE);
		assertThat(result.verdict()).isEqualTo(Verdict.UNAVAILABLE);
		assertThat(result.message()).contains("tini", OBSTACLE);
	}

	@Test
	void whenThereIsAKeeperThenItsImageIsNotLookedAt() {
		assertThat(check(new Supervision(Kind.KEEPER, "the keeper (pid 1)", 1L), OBSTACLE).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	private static PreflightResult check(Supervision supervision, @Nullable String obstacle) {
		return new SupervisorCheck(supervision, () -> obstacle).check(2).get(0);
	}

}
