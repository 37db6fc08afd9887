package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TickerTests {

	private final AtomicLong time = new AtomicLong(-5);

	private final Ticker ticker = new Ticker(this.time::get);

	@Test
	void whenLookedAtAgainAndAgainThenItGoesLikeAnyOther() {
		long begin = this.ticker.now();
		for (int i = 0; i < 20; i++) {
			pass(Duration.ofMillis(100));
			this.ticker.now();
		}
		assertThat(this.ticker.now() - begin).isEqualTo(TimeUnit.SECONDS.toNanos(2));
	}

	@Test
	void whenThisProcessIsSuspendedThenItStandsStill() {
		long deadline = this.ticker.deadline(Duration.ofSeconds(1));
		pass(Duration.ofHours(1));
		assertThat(this.ticker.until(deadline)).isEqualTo(Duration.ofSeconds(1).minus(Ticker.LONGEST_LOOK));
	}

	@Test
	void whenTheTimeIsUpThenNoneIsLeft() {
		long deadline = this.ticker.deadline(Duration.ofMillis(100));
		pass(Duration.ofMillis(200));
		assertThat(this.ticker.until(deadline)).isZero();
	}

	@Test
	void whenThisProcessIsSuspendedThenAnEventIsStillWaitedFor() throws Exception {
		EventQueue<String> events = new EventQueue<>(new Ticker(() -> this.time.getAndAdd(TimeUnit.HOURS.toNanos(1))));
		events.add("first");
		assertThat(events.poll(Duration.ofMillis(600))).isEqualTo("first");
		// Each look takes an hour, of which a quarter of a second counts
		assertThat(events.poll(Duration.ofMillis(600))).isNull();
		events.add("second");
		assertThat(events.poll(Duration.ZERO)).isEqualTo("second");
		assertThat(events.poll(Duration.ofMillis(-1))).isNull();
	}

	@Test
	void whenWhatIsWaitedForHappensWhileThisProcessIsSuspendedThenItIsFound() throws Exception {
		AtomicInteger looks = new AtomicInteger();
		assertThat(this.ticker.await((nanos) -> {
			pass(Duration.ofHours(1));
			return looks.incrementAndGet() == 4;
		}, Ticker.LONGEST_LOOK.multipliedBy(4))).isTrue();
	}

	@Test
	void whenItDoesNotHappenThenTheLastLookDoesNotWait() throws Exception {
		List<Duration> looks = new ArrayList<>();
		assertThat(this.ticker.await((nanos) -> {
			looks.add(Duration.ofNanos(nanos));
			pass(Duration.ofNanos(nanos));
			return false;
		}, Ticker.LONGEST_LOOK.plusMillis(1))).isFalse();
		Duration half = Ticker.LONGEST_LOOK.dividedBy(2);
		assertThat(looks).containsExactly(half, half, Duration.ofMillis(1), Duration.ZERO);
	}

	@Test
	void whenATimeIsAskedForThenItIsThatOfBeforeOrAfterASuspension() {
		pass(Duration.ofMillis(100));
		long before = this.ticker.now();
		long beforeTime = this.time.get();
		pass(Duration.ofHours(1));
		long after = this.ticker.now();
		long afterTime = this.time.get();
		pass(Duration.ofMillis(100));
		long now = this.ticker.now();
		assertThat(this.ticker.nanoTime(before)).isEqualTo(beforeTime);
		assertThat(this.ticker.nanoTime(before - 1)).isEqualTo(beforeTime - 1);
		assertThat(this.ticker.nanoTime(after)).isEqualTo(afterTime);
		assertThat(this.ticker.nanoTime(after - 1)).isLessThan(beforeTime + Ticker.LONGEST_LOOK.toNanos());
		assertThat(this.ticker.nanoTime(now)).isEqualTo(this.time.get());
	}

	@Test
	void whenATaskFailsOrIsCancelledThenItIsDone() throws Exception {
		assertThat(this.ticker.await(CompletableFuture.failedFuture(new IllegalStateException()), Duration.ZERO))
			.isTrue();
		CompletableFuture<Void> cancelled = new CompletableFuture<>();
		assertThat(this.ticker.await(cancelled, Duration.ZERO)).isFalse();
		cancelled.cancel(false);
		assertThat(this.ticker.await(cancelled, Duration.ZERO)).isTrue();
	}

	private void pass(Duration duration) {
		this.time.addAndGet(duration.toNanos());
	}

}
