package io.github.gracefulrestart.supervisor.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UnitEnvironmentTests {

	private static final long PID = 42;

	private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin"));

	@Test
	void whenThereIsNoUnitThenNothingIsToBeDone() {
		assertThat(unit().isPresent()).isFalse();
	}

	@Test
	void whenThereIsAUnitThenAllOfItIsRead() {
		this.environment
			.putAll(Map.of("NOTIFY_SOCKET", "@/notify", "RUNTIME_DIRECTORY", "/run/shop:/run/more", "WATCHDOG_USEC",
					"3000000", "WATCHDOG_PID", "42", "LISTEN_PID", "42", "LISTEN_FDS", "1", "FDSTORE", "8"));
		UnitEnvironment unit = unit();
		assertThat(unit.isPresent()).isTrue();
		assertThat(unit.notifySocket()).isEqualTo("@/notify");
		assertThat(unit.runtimeDirectory()).isEqualTo(Path.of("/run/shop"));
		assertThat(unit.watchdog()).isEqualTo(Duration.ofSeconds(3));
		assertThat(unit.descriptorStore()).isTrue();
		assertThat(unit.personal()).containsExactlyInAnyOrder("WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS");
	}

	@Test
	void whenTheWatchdogWaitsForAnotherProcessThenItIsNotFed() {
		this.environment.putAll(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "41"));
		assertThat(unit().watchdog()).isNull();
	}

	/** A predecessor has removed the process id. */
	@Test
	void whenTheWatchdogNamesNobodyThenItIsFed() {
		this.environment.put("WATCHDOG_USEC", "1");
		assertThat(unit().watchdog()).isEqualTo(Duration.ofNanos(1000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "-1", "x", "99999999999999999999" })
	void whenTheTimeIsNoneThenThereIsNoWatchdog(String time) {
		this.environment.put("WATCHDOG_USEC", time);
		assertThat(unit().watchdog()).isNull();
	}

	private UnitEnvironment unit() {
		return UnitEnvironment.of(this.environment, PID);
	}

}
