package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the kernel tells of the end of a process, and where it does not.
 */
class ProcessWatchTests {

	/** Above the highest that Linux gives out. */
	private static final long NOBODY = 99_999_999;

	private static final Duration MOMENT = Duration.ofMillis(100);

	static List<LongFunction<ProcessWatch>> kernels() {
		return List.of(ProcessWatch::of, ProcessWatch::withoutKernel);
	}

	@ParameterizedTest
	@MethodSource("kernels")
	void whenProcessEndsThenIsToldAtOnce(LongFunction<ProcessWatch> kernel) throws Exception {
		Process process = new ProcessBuilder("sleep", "60").start();
		try (ProcessWatch watch = kernel.apply(process.pid())) {
			assertThat(watch.await(Duration.ZERO)).isFalse();
			long start = System.nanoTime();
			assertThat(watch.await(MOMENT)).isFalse();
			assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
			CompletableFuture<Long> told = CompletableFuture.supplyAsync(() -> awaitEnd(watch));
			long killed = System.nanoTime();
			process.destroyForcibly();
			assertThat(Duration.ofNanos(told.get(30, TimeUnit.SECONDS) - killed)).isLessThan(Duration.ofSeconds(5));
			assertThat(watch.await(Duration.ZERO)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * What ended and is not waited for, as happens in containers, has ended.
	 */
	@ParameterizedTest
	@MethodSource("kernels")
	void whenProcessIsAZombieThenItHasEnded(LongFunction<ProcessWatch> kernel) throws Exception {
		// The shell becomes what does not wait for its child
		Process parent = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; exec sleep 60").start();
		try {
			long zombie = Long.parseLong(parent.inputReader().readLine());
			try (ProcessWatch watch = kernel.apply(zombie)) {
				assertThat(watch.await(Duration.ofSeconds(30))).isTrue();
				assertThat(ProcessHandle.of(zombie)).as("still there").isPresent();
			}
		}
		finally {
			parent.destroyForcibly();
		}
	}

	@ParameterizedTest
	@MethodSource("kernels")
	void whenThereIsNoProcessThenItHasEnded(LongFunction<ProcessWatch> kernel) throws IOException {
		try (ProcessWatch watch = kernel.apply(NOBODY)) {
			assertThat(watch.await(null)).isTrue();
		}
	}

	private static long awaitEnd(ProcessWatch watch) {
		try {
			assertThat(watch.await(null)).isTrue();
			return System.nanoTime();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
