package io.github.gracefulrestart.restart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.listener.ListenerKey;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.posix.ConnectionAdopter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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
			Drain drain = new Drain(List.of(host), List.of(), null, settings(LONG, LONG), System.nanoTime());
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
			Drain drain = new Drain(List.of(host), List.of(busy), null, settings(LONG, Duration.ofMillis(200)),
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
			Drain drain = new Drain(List.of(host), List.of(), null, settings(Duration.ofMillis(50), Duration.ZERO),
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
			Drain drain = new Drain(List.of(), List.of(host), null, settings(LONG, LONG),
					System.nanoTime() + Duration.ofMillis(100).toNanos());
			assertThat(drain.step()).isFalse();
			assertThat(host.listener.gate().isOpen()).isTrue();
			step(drain, Duration.ofMillis(300));
			assertThat(host.listener.gate().isOpen()).isFalse();
			assertThat(host.listener.localAddress()).isNotNull();
			assertThat(drain.isInherited(host)).isFalse();
		}
	}

	private static void step(Drain drain, Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() - end < 0) {
			drain.step();
			LockSupport.parkNanos(Drain.INTERVAL.toNanos());
		}
	}

	private static RestartSettings settings(Duration drainTimeout, Duration keepAliveGrace) {
		return new RestartSettings(LONG, LONG, drainTimeout, true, keepAliveGrace, LONG, LONG, LONG, LONG, Path.of("."),
				false);
	}

	/**
	 * Has as many connections as it is told.
	 */
	private static final class Host implements ListenerHost, AutoCloseable {

		private final Listener listener;

		private final long begin = System.nanoTime();

		private Duration look = Duration.ZERO;

		private int active;

		private int idle;

		private boolean traffic;

		private int looks;

		private long ended;

		private long cutBefore;

		Host() throws IOException {
			this.listener = new Listeners(null).open(new ListenerKey("server", "127.0.0.1:0"), 1,
					() -> ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
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
		public void beginDrain(boolean move) {
		}

		@Override
		public List<MovableConnection> detach(int max, boolean lookAtAll) {
			return List.of();
		}

		@Override
		public void stopMoving(String reason) {
		}

		@Override
		public String adopt(ConnectionAdopter.Adopted connection, long idleMillis, int keepAliveLeft) {
			throw new IllegalStateException("nothing is moved here");
		}

		@Override
		public void continueDrain(boolean lookAtAll) {
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
		}

		@Override
		public void cancelDrain() {
		}

		@Override
		public void closeIdle() {
			this.idle = 0;
		}

		@Override
		public void cut(long moment) {
			this.cutBefore = moment;
		}

		@Override
		public DrainSummary drained() {
			return new DrainSummary(0, 0, this.traffic ? ++this.ended : 0, 0, 0);
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
