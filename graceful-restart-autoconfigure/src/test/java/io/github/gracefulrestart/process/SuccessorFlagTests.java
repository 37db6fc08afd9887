package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SuccessorFlagTests {

	private static final long OWN_PID = ProcessHandle.current().pid();

	/** Above the highest that Linux gives out. */
	private static final long NOBODY = 99_999_999;

	private final SuccessorFlag flag = new SuccessorFlag(OWN_PID, Path.of("/run/graceful-restart-1/control"), "secret",
			7, false, new SuccessorFlag.Handover("1 one", "server=*%3A8080"));

	@TempDir
	Path directory;

	@Test
	void whenTheLocaleCannotWriteThePathOfTheSocketThenSaysWhy() {
		Map<String, String> environment = new HashMap<>(this.flag.toEnvironment());
		environment.put(LaunchContract.SOCKET, "/run/caf\0e/control");
		assertThat(SuccessorFlag.read(environment, () -> null)).isNull();
		assertThatIllegalStateException().isThrownBy(() -> SuccessorFlag.read(environment, () -> "secret"))
			.withMessageStartingWith("This process was launched as a successor, but cannot connect to its predecessor: "
					+ "the path of the control socket cannot be written in the locale of this process (");
	}

	@Test
	void whenItHasTheTicketThenIsRead() {
		assertThat(SuccessorFlag.read(this.flag.toEnvironment(), () -> "secret")).isEqualTo(this.flag);
		SuccessorFlag orphan = new SuccessorFlag(NOBODY, this.flag.socket(), "secret", 2, false,
				SuccessorFlag.Handover.NONE);
		assertThat(SuccessorFlag.read(orphan.toEnvironment(), () -> "secret")).isEqualTo(orphan);
	}

	@Test
	void whenItHasNoTicketThenIsNoFlag() {
		// A process that the successor started, or the operator from its environment
		SuccessorFlag orphan = new SuccessorFlag(NOBODY, this.flag.socket(), "secret", 2, false,
				SuccessorFlag.Handover.NONE);
		assertThat(SuccessorFlag.read(this.flag.toEnvironment(), () -> null)).isNull();
		assertThat(SuccessorFlag.read(orphan.toEnvironment(), () -> null)).isNull();
	}

	@Test
	void whenAProgramWasLaunchedThenIsReadAsLongAsItIsWaitedFor() throws IOException {
		Path socket = this.directory.resolve("control");
		SuccessorFlag awaited = new SuccessorFlag(OWN_PID, socket, "secret", 2, false, SuccessorFlag.Handover.NONE);
		Map<String, String> environment = new HashMap<>(awaited.toEnvironment());
		environment.put("GRACEFUL_RESTART_COMMAND", "true");
		assertThat(SuccessorFlag.read(environment, () -> null)).isNull();
		Files.createFile(socket);
		assertThat(SuccessorFlag.read(environment, () -> null)).isEqualTo(awaited);
		environment.put("GRACEFUL_RESTART_PREDECESSOR", String.valueOf(NOBODY));
		assertThat(SuccessorFlag.read(environment, () -> null)).isNull();
		assertThat(SuccessorFlag.read(awaited.toEnvironment(), () -> null)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GRACEFUL_RESTART_PREDECESSOR", "GRACEFUL_RESTART_SOCKET", "GRACEFUL_RESTART_TOKEN",
			"GRACEFUL_RESTART_GENERATION" })
	void whenAVariableIsMissingThenIsNoFlag(String name) {
		Map<String, String> environment = new HashMap<>(this.flag.toEnvironment());
		assertThat(environment.remove(name)).isNotNull();
		assertThat(SuccessorFlag.read(environment, () -> "secret")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "GRACEFUL_RESTART_PREDECESSOR, x", "GRACEFUL_RESTART_PREDECESSOR, ''",
			"GRACEFUL_RESTART_GENERATION, 99999999999", "GRACEFUL_RESTART_GENERATION, two" })
	void whenAVariableIsMalformedThenIsNoFlag(String name, String value) {
		Map<String, String> environment = new HashMap<>(this.flag.toEnvironment());
		environment.put(name, value);
		assertThat(SuccessorFlag.read(environment, () -> "secret")).isNull();
	}

	@Test
	void whenForADryRunThenSaysSo() {
		SuccessorFlag dryRun = new SuccessorFlag(OWN_PID, this.flag.socket(), "secret", 7, true,
				SuccessorFlag.Handover.NONE);
		assertThat(dryRun.toEnvironment()).containsEntry("GRACEFUL_RESTART_DRY_RUN", "true");
		assertThat(SuccessorFlag.read(dryRun.toEnvironment(), () -> "secret")).isEqualTo(dryRun);
		assertThat(this.flag.toEnvironment()).containsEntry("GRACEFUL_RESTART_DRY_RUN", "false");
		assertThat(this.flag.dryRun()).isFalse();
		// What an older library launches
		Map<String, String> environment = new HashMap<>(this.flag.toEnvironment());
		environment.remove("GRACEFUL_RESTART_DRY_RUN");
		assertThat(SuccessorFlag.read(environment, () -> "secret")).isEqualTo(this.flag);
		environment.remove("GRACEFUL_RESTART_LISTENERS");
		assertThat(SuccessorFlag.read(environment, () -> "secret")).extracting(SuccessorFlag::handover)
			.isEqualTo(new SuccessorFlag.Handover("1 one", ""));
		environment.remove("GRACEFUL_RESTART_PROTOCOL");
		assertThat(SuccessorFlag.read(environment, () -> "secret")).extracting(SuccessorFlag::handover)
			.isEqualTo(SuccessorFlag.Handover.NONE);
	}

	@Test
	void thisProcessIsNoSuccessor() {
		assertThat(SuccessorFlag.own()).isNull();
	}

	@Test
	void tokenIsNotShown() {
		assertThat(this.flag).hasToString("successor of pid " + OWN_PID + ", generation 7");
	}

}
