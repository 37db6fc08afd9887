package io.github.gracefulrestart.supervisor;

import java.util.Map;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisorCheckTests {

	@Test
	void whenNobodyWatchesThenARestartPasses() {
		assertThat(check(Map.of(), 42).verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenSystemdHasAFileThenARestartPasses() {
		PreflightResult result = check(
				Map.of("SYSTEMD_EXEC_PID", "42", "INVOCATION_ID", "x", "PIDFILE", "/run/shop/main.pid"), 42);
		assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
		assertThat(result.message()).contains("/run/shop/main.pid");
	}

	@Test
	void whenSystemdHasNoFileThenARestartIsRefused() {
		PreflightResult result = check(Map.of("SYSTEMD_EXEC_PID", "42", "INVOCATION_ID", "x"), 42);
		assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(result.message()).contains("PIDFile=", "RuntimeDirectory=", "--graceful.restart.print=systemd-unit");
	}

	/** A shell in a terminal has its variables. */
	@Test
	void whenSystemdHasStartedAnotherProcessThenARestartPasses() {
		assertThat(check(Map.of("SYSTEMD_EXEC_PID", "41", "INVOCATION_ID", "x"), 42).verdict())
			.isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenFirstOfItsContainerThenNoRestartIsPossible() {
		assertThat(check(Map.of(), 1).verdict()).isEqualTo(Verdict.UNAVAILABLE);
	}

	private static PreflightResult check(Map<String, String> environment, long pid) {
		return new SupervisorCheck(environment, pid).check(2).get(0);
	}

}
