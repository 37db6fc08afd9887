package io.github.gracefulrestart.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.listener.ConnectionState;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.listener.TestTransport;
import io.github.gracefulrestart.posix.ReceivedConnection;
import io.github.gracefulrestart.predecessor.ConnectionMover;
import io.github.gracefulrestart.state.RestartSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a drain does when.
 */
class DrainTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@Test
	void whenALookTakesTimeThenItIsNotRepeatedAtOnce() throws Exception {
		try (Host host = new Host()) {
			host.active = 1;
			host.look = Duration.ofMillis(5);
			Drain drain = begin(List.of(host), List.of(), null, settings(LONG, LONG), System.nanoTime());
			step(drain, Duration.ofMillis(500));
			// Each look is followed by twenty times its duration without one
			assertThat(host.looks).isBetween(1, 6);
		}
	}

	@Test
	void whenOtherListenersHaveTrafficThenIdleConnectionsAreClosedInTime() throws Exception {
		try (Host host = new Host(); Host busy = new Host()) {
			host.idle = 1;
			busy.active = 1;
			busy.traffic = true;
			Drain drain = begin(List.of(host), List.of(busy), null, settings(LONG, Duration.ofMillis(200)),
					System.nanoTime());
			step(drain, Duration.ofMillis(100));
			assertThat(host.idle).isOne();
			step(drain, Duration.ofMillis(300));
			assertThat(host.idle).isZero();
		}
	}

	@Test
	void whenProbationLastsThenIdleConnectionsAreKept() throws Exception {
		try (Host host = new Host()) {
			host.idle = 1;
			Drain drain = begin(List.of(host), List.of(), null, settings(Duration.ofMillis(50), Duration.ZERO),
					System.nanoTime() + LONG.toNanos());
			step(drain, Duration.ofMillis(200));
			assertThat(host.idle).isOne();
			// But not those with a request of before
			assertThat(host.cutBefore - host.begin).isBetween(0L, Duration.ofMillis(200).toNanos());
		}
	}

	@Test
	void whenNobodyWantsAListenerThenItStaysOpenUntilThisProcessCannotTakeBack() throws Exception {
		try (Host host = new Host()) {
			Drain drain = begin(List.of(), List.of(host), null, settings(LONG, LONG),
					System.nanoTime() + Duration.ofMillis(100).toNanos());
			assertThat(drain.step()).isFalse();
			assertThat(host.listener.gate().isOpen()).isTrue();
			step(drain, Duration.ofMillis(300));
			assertThat(host.listener.gate().isOpen()).isFalse();
			assertThat(host.listener.localAddress()).isNotNull();
			assertThat(drain.isInherited(host)).isFalse();
		}
	}

	@Test
	void whenNobodyWantsAListenerThenItsDrainBeginsWhenItsGateCloses() throws Exception {
		try (Host host = new Host()) {
			Drain drain = begin(List.of(), List.of(host), null, settings(Duration.ofMillis(200), Duration.ZERO),
					System.nanoTime() + Duration.ofMillis(400).toNanos());
			step(drain, Duration.ofMillis(300));
			assertThat(host.draining).isFalse();
			assertThat(host.lastCalls).isZero();
			host.active = 1;
			host.ended = 3;
			assertThat(drain.summary()).isEqualTo(DrainSummary.NONE);
			step(drain, Duration.ofMillis(150));
			assertThat(host.draining).isTrue();
			assertThat(host.lastCalls).isZero();
			step(drain, Duration.ofMillis(300));
			assertThat(host.lastCalls).isPositive();
		}
	}

	@Test
	void whenADrainCannotBeginThenWhatHasBegunIsTakenBack() throws Exception {
		try (Host first = new Host(); Host second = new Host(); Host third = new Host()) {
			second.failure = new OutOfMemoryError("no thread");
			first.cancelFailure = new IllegalStateException("cannot be taken back");
			Drain drain = new Drain(List.of(first, second, third), List.of(), null, settings(LONG, LONG),
					System.nanoTime());
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
					System.nanoTime());
			step(drain, Duration.ofMillis(300));
			assertThat(host.cutBefore - host.begin).isLessThan(Duration.ofMillis(200).toNanos());
			assertThat(host.cutIdle).isFalse();
			step(drain, Duration.ofMillis(300));
			assertThat(host.cutBefore - host.begin).isGreaterThan(Duration.ofMillis(400).toNanos());
			assertThat(host.cutIdle).isTrue();
		}
	}

	private static Drain begin(List<ListenerHost> inherited, List<ListenerHost> abandoned, ConnectionMover mover,
			RestartSettings settings, long probationEnd) {
		Drain drain = new Drain(inherited, abandoned, mover, settings, probationEnd);
		drain.begin();
		return drain;
	}

	private static void step(Drain drain, Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() - end < 0) {
			drain.step();
			LockSupport.parkNanos(Drain.INTERVAL.toNanos());
		}
	}

	private static RestartSettings settings(Duration drainTimeout, Duration keepAliveGrace) {
		return new Limits().drain(drainTimeout).keepAliveGrace(keepAliveGrace).settings(Path.of("."));
	}

	/**
	 * Has as many connections as it is told.
	 */
	private static final class Host implements ListenerHost, HostDrain, AutoCloseable {

		private final Listener listener;

		private final long begin = System.nanoTime();

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
			this.listener = new Listeners(null, true).open(new ListenerKey("server", "127.0.0.1:0"), 1,
					TestTransport.loopback());
			this.listener.gate().open();
		}

		@Override
		public Listener listener() {
			return this.listener;
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
		public ListenerHost host() {
			return this;
		}

		@Override
		public List<MovableConnection> detach(int max, boolean lookAtAll) {
			return List.of();
		}

		@Override
		public void stopMoving(String reason) {
		}

		@Override
		public String adopt(ReceivedConnection connection, ConnectionState state) {
			throw new IllegalStateException("nothing is moved here");
		}

		@Override
		public void step(boolean lookAtAll) {
			if (lookAtAll) {
				this.looks++;
				long end = System.nanoTime() + this.look.toNanos();
				while (System.nanoTime() - end < 0) {
					Thread.onSpinWait();
				}
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
			this.listener.close();
		}

	}

}
