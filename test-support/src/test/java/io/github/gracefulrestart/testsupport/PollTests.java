package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PollTests {

	private final AtomicInteger looks = new AtomicInteger();

	@Test
	void whenAValueStopsChangingThenIsSettled() {
		assertThat(Poll.settled(() -> Math.min(this.looks.incrementAndGet(), 4), Duration.ofMillis(100),
				Duration.ofSeconds(10)))
			.isEqualTo(4);
	}

	@Test
	void whenAValueGoesOnChangingThenFails() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> Poll.settled(this.looks::incrementAndGet, Duration.ofSeconds(10), Duration.ofMillis(100)))
			.withMessageStartingWith("still changing after 100 ms: ");
	}

}
