package io.github.gracefulrestart.posix;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SignalsTests {

	@Test
	void whenSignalArrivesThenActionRuns() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		// Ignored by whoever does not handle it
		Signals.handle("WINCH", calls::incrementAndGet);
		String pid = String.valueOf(ProcessHandle.current().pid());
		assertThat(new ProcessBuilder("kill", "-WINCH", pid).start().waitFor()).isZero();
		Awaitility.await().atMost(Duration.ofSeconds(5)).untilAtomic(calls, Matchers.is(1));
	}

	@Test
	void whenThereIsNoSuchSignalThenFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> Signals.handle("NONSENSE", () -> {
		}));
	}

	@Test
	void whenTheJvmKeepsASignalThenFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> Signals.handle("SEGV", () -> {
		}));
	}

}
