package io.github.gracefulrestart.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.gracefulrestart.state.Ticker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShutdownWatchTests {

	private final AtomicInteger looks = new AtomicInteger();

	@Test
	void whenThisProcessIsSuspendedThenItHasWhatWasLeftOfItsTime() {
		// Each look takes an hour, of which a quarter of a second counts
		Ticker clock = new Ticker(() -> this.looks.getAndIncrement() * TimeUnit.HOURS.toNanos(1));
		ShutdownWatch.awaitEnd(clock, Duration.ofSeconds(1));
		assertThat(this.looks.get() * Ticker.LONGEST_LOOK.toMillis()).isGreaterThanOrEqualTo(1000);
	}

	@Test
	void whenItsThreadIsInterruptedThenItWatchesOn() {
		Ticker clock = new Ticker(() -> this.looks.getAndIncrement() * TimeUnit.MILLISECONDS.toNanos(1));
		Thread.currentThread().interrupt();
		ShutdownWatch.awaitEnd(clock, Duration.ofMillis(20));
		assertThat(this.looks.get()).isGreaterThan(20);
	}

}
