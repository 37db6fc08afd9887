package io.github.gracefulrestart.posix;

import java.nio.charset.StandardCharsets;
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
		// Ignored by processes that do not handle it
		Signals.handle("WINCH", calls::incrementAndGet);
		String pid = String.valueOf(ProcessHandle.current().pid());
		assertThat(new ProcessBuilder("kill", "-WINCH", pid).start().waitFor()).isZero();
		Awaitility.await().atMost(Duration.ofSeconds(5)).untilAtomic(calls, Matchers.is(1));
	}

	@Test
	void whenIgnoredThenIsIgnoredByWhatIsStartedUntilRestored() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		Signals.handle("URG", calls::incrementAndGet);
		Signals.Previous previous = Signals.ignore("URG");
		assertThat(ignored()).contains("URG");
		previous.restore();
		assertThat(ignored()).doesNotContain("URG");
		String pid = String.valueOf(ProcessHandle.current().pid());
		assertThat(new ProcessBuilder("kill", "-URG", pid).start().waitFor()).isZero();
		Awaitility.await().atMost(Duration.ofSeconds(5)).untilAtomic(calls, Matchers.is(1));
	}

	/** The name, if a new process ignores the signal, which is number 23 on Linux. */
	private static String ignored() throws Exception {
		Process process = new ProcessBuilder("grep", "SigIgn", "/proc/self/status").start();
		String mask = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		assertThat(process.waitFor()).isZero();
		return ((Long.parseLong(mask.substring(mask.indexOf(':') + 1).strip(), 16) & (1L << 22)) != 0) ? "URG" : "";
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
