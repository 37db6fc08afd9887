package io.github.gracefulrestart.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Ticker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a drain does when.
 */
class DrainTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final long begin = System.nanoTime();

	private final AtomicLong time = new AtomicLong(this.begin);

	private final Ticker clock = new Ticker(this.time::get);

	@Test
	void whenALookTakesTimeThenItIsNotRepeatedAtOnce() throws Exception {
		try (Host host = new Host()) {
			host.active = 1;
			host.look = Duration.ofMillis(5);
			Drain drain = begin(List.of(host), List.of(), null, settings(LONG, LONG), Duration.ZERO);
			step(drain, Duration.ofMillis(500));
			// Each look is followed by twenty times its duration without one
			assertThat(host.looks).isEqualTo(5);
		}
	}

	@Test
	void whenOtherListenersHaveTrafficThenIdleConnectionsAreClosedInTime() throws Exception {
		try (Host host = new Host(); Host busy = new Host()) {
			host.idle = 1;
			busy.active = 1;
			busy.traffic = true;
			Drain drain = begin(List.of(host), List.of(busy), null, settings(LONG, Duration.ofMillis(200)),
					Duration.ZERO);
			step(drain, Duration.ofMillis(200));
			assertThat(host.idle).isOne();
			step(drain, Drain.INTERVAL);
			assertThat(host.idle).isZero();
		}
	}

	@Test
	void whenProbationLastsThenIdleConnectionsAreKept() throws Exception {
		try (Host host = new Host()) {
			host.idle = 1;
			Drain drain = begin(List.of(host), List.of(), null, settings(Duration.ofMillis(50), Duration.ZERO), LONG);
			step(drain, Duration.ofMillis(200));
			assertThat(host.idle).isOne();
			// But not those with a request of before
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofMillis(190)));
		}
	}

	@Test
	void whenNobodyWantsAListenerThenItStaysOpenUntilThisProcessCannotTakeBack() throws Exception {
		try (Host host = new Host()) {
			Drain drain = begin(List.of(), List.of(host), null, settings(LONG, LONG), Duration.ofMillis(100));
			step(drain, Duration.ofMillis(100));
			assertThat(host.listener().gate().isOpen()).isTrue();
			step(drain, Drain.INTERVAL);
			assertThat(host.listener().gate().isOpen()).isFalse();
			assertThat(host.listener().localAddress()).isNotNull();
			assertThat(drain.isInherited(host)).isFalse();
		}
	}

	@Test
	void whenNobodyWantsAListenerThenItsDrainBeginsWhenItsGateCloses() throws Exception {
		try (Host host = new Host()) {
			Drain drain = begin(List.of(), List.of(host), null, settings(Duration.ofMillis(200), Duration.ZERO),
					Duration.ofMillis(400));
			step(drain, Duration.ofMillis(400));
			assertThat(host.draining).isFalse();
			assertThat(host.lastCalls).isZero();
			host.active = 1;
			host.ended = 3;
			assertThat(drain.summary()).isEqualTo(DrainSummary.NONE);
			step(drain, Duration.ofMillis(150));
			assertThat(host.draining).isTrue();
			assertThat(host.lastCalls).isZero();
			step(drain, Duration.ofMillis(10));
			assertThat(host.lastCalls).isPositive();
		}
	}

	@Test
	void whenADrainCannotBeginThenWhatHasBegunIsTakenBack() throws Exception {
		try (Host first = new Host(); Host second = new Host(); Host third = new Host()) {
			second.failure = new OutOfMemoryError("no thread");
			first.cancelFailure = new IllegalStateException("cannot be taken back");
			Drain drain = new Drain(List.of(first, second, third), List.of(), null, settings(LONG, LONG), this.clock,
					this.clock.now());
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(drain::begin);
			drain.cancel();
			assertThat(first.cancelled).isTrue();
			assertThat(second.cancelled).as("has taken back itself what it had begun").isFalse();
			assertThat(third.cancelled).isFalse();
		}
	}

	@Test
	void whenRequestsNeverEndThenAllIsCutAfterTwiceTheTime() throws Exception {
		try (Host host = new Host()) {
			host.active = 1;
			Drain drain = begin(List.of(host), List.of(), null, settings(Duration.ofMillis(200), Duration.ZERO),
					Duration.ZERO);
			step(drain, Duration.ofMillis(200));
			assertThat(host.cutBefore).as("none").isZero();
			step(drain, Duration.ofMillis(200));
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofMillis(190)));
			assertThat(host.cutIdle).isFalse();
			step(drain, Drain.INTERVAL);
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofMillis(400)));
			assertThat(host.cutIdle).isTrue();
		}
	}

	@Test
	void whenThisProcessIsSuspendedThenRequestsHaveWhatWasLeftOfTheirTime() throws Exception {
		try (Host host = new Host()) {
			host.active = 1;
			host.idle = 1;
			Duration timeout = Duration.ofSeconds(30);
			Drain drain = begin(List.of(host), List.of(), null, settings(timeout, timeout), Duration.ZERO);
			step(drain, Duration.ofSeconds(10));
			pass(Duration.ofHours(1));
			step(drain, Duration.ofSeconds(17));
			assertThat(host.lastCalls).isZero();
			step(drain, Duration.ofMillis(2700));
			assertThat(host.lastCalls).isPositive();
			assertThat(host.idle).isOne();
			assertThat(host.cutBefore).as("none").isZero();
			// A quarter of a second is what counts of the hour
			step(drain, Duration.ofMillis(100));
			assertThat(host.idle).isZero();
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofMillis(30)));
			step(drain, Duration.ofSeconds(9));
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofMillis(9030)));
			// From here on, the requests that are due have begun after the suspension
			step(drain, Duration.ofSeconds(2));
			assertThat(host.cutBefore).isEqualTo(sinceBegin(Duration.ofHours(1).plusMillis(10_790)));
		}
	}

	@Test
	void whenThisProcessIsSuspendedThenProbationIsNotOver() throws Exception {
		try (Host host = new Host(); Host abandoned = new Host()) {
			host.idle = 1;
			Drain drain = begin(List.of(host), List.of(abandoned), null, settings(LONG, Duration.ZERO),
					Duration.ofSeconds(2));
			step(drain, Duration.ofSeconds(1));
			pass(Duration.ofHours(1));
			step(drain, Duration.ofMillis(700));
			assertThat(host.idle).isOne();
			assertThat(abandoned.listener().gate().isOpen()).isTrue();
			step(drain, Duration.ofMillis(100));
			assertThat(host.idle).isZero();
			assertThat(abandoned.listener().gate().isOpen()).isFalse();
		}
	}

	private Drain begin(List<ListenerHost> inherited, List<ListenerHost> abandoned, ConnectionMover mover,
			RestartSettings settings, Duration probation) {
		Drain drain = new Drain(inherited, abandoned, mover, settings, this.clock, this.clock.deadline(probation));
		drain.begin();
		return drain;
	}

	/**
	 * Step as often as in some time, and then let the interval go by.
	 */
	private void step(Drain drain, Duration time) throws Exception {
		long end = this.time.get() + time.toNanos();
		while (this.time.get() - end < 0) {
			drain.step();
			pass(Drain.INTERVAL);
		}
	}

	private void pass(Duration duration) {
		this.time.addAndGet(duration.toNanos());
	}

	/**
	 * Return a moment on the clock that does not stand still.
	 */
	private long sinceBegin(Duration duration) {
		return this.begin + duration.toNanos();
	}

	private static RestartSettings settings(Duration drainTimeout, Duration keepAliveGrace) {
		return new Limits().drain(drainTimeout).keepAliveGrace(keepAliveGrace).settings(Path.of("."));
	}

	/**
	 * Has as many connections as it is told.
	 */
	private final class Host extends IdleHost implements AutoCloseable {

		private Duration look = Duration.ZERO;

		private int active;

		private int idle;

		private boolean traffic;

		private int looks;

		private long ended;

		private long cutBefore;

		private boolean cutIdle;

		private boolean draining;

		private int lastCalls;

		private Error failure;

		private RuntimeException cancelFailure;

		private boolean cancelled;

		Host() throws IOException {
			super(new Listeners(null, true).open(new ListenerKey("server", "127.0.0.1:0"), 1,
					TestTransport.loopback()));
			listener().gate().open();
		}

		@Override
		public ConnectionCount connections() {
			return new ConnectionCount(this.active, this.idle);
		}

		@Override
		public HostDrain beginDrain(boolean move) {
			if (this.failure != null) {
				throw this.failure;
			}
			this.draining = true;
			return this;
		}

		@Override
		public void step(boolean lookAtAll) {
			if (lookAtAll) {
				this.looks++;
				pass(this.look);
			}
		}

		@Override
		public void lastCall() {
			this.lastCalls++;
		}

		@Override
		public void cancel() {
			this.cancelled = true;
			if (this.cancelFailure != null) {
				throw this.cancelFailure;
			}
		}

		@Override
		public void closeIdle() {
			this.idle = 0;
		}

		@Override
		public void cut(long moment, boolean idleToo) {
			this.cutIdle = idleToo;
			this.cutBefore = moment;
		}

		@Override
		public DrainSummary summary() {
			return new DrainSummary(0, 0, this.traffic ? ++this.ended : this.ended, 0, 0);
		}

		@Override
		public void closeListener(boolean inherited) {
			throw new IllegalStateException("the listener must stay");
		}

		@Override
		public void close() throws IOException {
			listener().close();
		}

	}

}
