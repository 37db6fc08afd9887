package io.github.gracefulrestart.supervisor;

import java.util.Map;

import io.github.gracefulrestart.supervisor.Supervision.Kind;
import io.github.gracefulrestart.supervisor.Supervision.Setting;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisionTests {

	private static final Map<String, String> UNIT = Map.of("SYSTEMD_EXEC_PID", "42", "INVOCATION_ID", "x");

	private static final Map<String, String> NOTIFYING_UNIT = Map.of("SYSTEMD_EXEC_PID", "42", "INVOCATION_ID", "x",
			"NOTIFY_SOCKET", "/run/systemd/notify");

	private static final Map<String, String> UNIT_WITH_FILE = Map.of("SYSTEMD_EXEC_PID", "42", "INVOCATION_ID", "x",
			"PIDFILE", "/run/shop/main.pid");

	@Test
	void whenStartedByAShellThenNobodyWatches() {
		assertThat(kind(Setting.AUTO, Map.of(), 42, "bash", null)).isEqualTo(Kind.NONE);
	}

	@Test
	void whenTheUnitHasAFileThenThatIsUsed() {
		Supervision supervision = Supervision.of(Setting.AUTO, UNIT_WITH_FILE, 42, "systemd", null);
		assertThat(supervision.kind()).isEqualTo(Kind.PID_FILE);
		assertThat(supervision.by()).contains("/run/shop/main.pid");
	}

	@Test
	void whenTheUnitHasNoFileThenItDependsOnWhoMayNotify() {
		assertThat(kind(Setting.AUTO, UNIT, 42, "systemd", null)).isEqualTo(Kind.KEEPER);
		// A keeper would be the main process, and cannot say that the service is ready
		assertThat(kind(Setting.AUTO, NOTIFYING_UNIT, 42, "systemd", null)).isEqualTo(Kind.UNSUITABLE);
		assertThat(kind(Setting.KEEPER, NOTIFYING_UNIT, 42, "systemd", null)).isEqualTo(Kind.UNSUITABLE);
	}

	/** A shell in a terminal has its variables. */
	@Test
	void whenSystemdHasStartedAnotherProcessThenNobodyWatches() {
		assertThat(kind(Setting.AUTO, NOTIFYING_UNIT, 43, "bash", null)).isEqualTo(Kind.NONE);
	}

	@Test
	void whenFirstOfItsContainerThenItHasToStay() {
		assertThat(kind(Setting.AUTO, Map.of(), 1, null, null)).isEqualTo(Kind.KEEPER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tini", "docker-init", "dumb-init", "catatonit", "runsv", "s6-supervise", "supervisord" })
	void whenStartedByASupervisorThenItHasToStay(String parent) {
		assertThat(kind(Setting.AUTO, Map.of(), 42, parent, null)).isEqualTo(Kind.KEEPER);
	}

	@Test
	void whenThePropertyDecidesThenItDoes() {
		assertThat(kind(Setting.KEEPER, Map.of(), 42, "bash", null)).isEqualTo(Kind.KEEPER);
		assertThat(kind(Setting.NONE, Map.of(), 1, null, null)).isEqualTo(Kind.NONE);
		assertThat(kind(Setting.NONE, UNIT_WITH_FILE, 42, "systemd", null)).isEqualTo(Kind.NONE);
	}

	@Test
	void whenThereIsAKeeperThenItIsTold() {
		Supervision supervision = Supervision.of(Setting.NONE, Map.of(), 42, "bash", "7");
		assertThat(supervision.kind()).isEqualTo(Kind.KEEPER);
		assertThat(supervision.keeper()).isEqualTo(7);
		assertThat(kind(Setting.AUTO, Map.of(), 42, "bash", "x")).isEqualTo(Kind.NONE);
	}

	private static Kind kind(Setting setting, Map<String, String> environment, long pid, @Nullable String parent,
			@Nullable String keeper) {
		return Supervision.of(setting, environment, pid, parent, keeper).kind();
	}

}
