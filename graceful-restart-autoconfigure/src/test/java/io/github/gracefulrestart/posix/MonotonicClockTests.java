package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MonotonicClockTests {

	/**
	 * Both count from the machine's start, but for the time in which it was suspended.
	 */
	@Test
	void whenReadThenItCountsFromTheStartOfTheMachine() throws IOException {
		String uptime = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
		long before = MonotonicClock.micros();
		assertThat(MonotonicClock.micros()).isGreaterThanOrEqualTo(before);
		assertThat(Duration.ofNanos(before * 1000).toMillis() / 1000.0).isCloseTo(Double.parseDouble(uptime),
				within(60.0));
	}

}
