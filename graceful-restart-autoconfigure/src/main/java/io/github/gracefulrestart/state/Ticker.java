package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while this process is suspended: when this process goes on,
 * no other one is late because of it, and what has arrived meanwhile is still to be read.
 * Whoever waits has to look again and again, because a long time between two looks is
 * what gives a suspension away. Used by one thread.
 */
public final class Ticker {

	/**
	 * The most that counts of the time between two looks.
	 */
	public static final Duration LONGEST_LOOK = Duration.ofMillis(250);

	private final LongSupplier time;

	private long lastLook;

	private long elapsed;

	/**
	 * Create a clock of this process.
	 */
	public Ticker() {
		this(System::nanoTime);
	}

	/**
	 * Create a clock.
	 * @param time supplies a time in nanoseconds that never stands still
	 */
	public Ticker(LongSupplier time) {
		this.time = time;
		this.lastLook = time.getAsLong();
	}

	/**
	 * Look.
	 * @return the time in nanoseconds, which says something only beside another time of
	 * the same clock
	 */
	public long now() {
		long look = this.time.getAsLong();
		this.elapsed += Math.min(look - this.lastLook, LONGEST_LOOK.toNanos());
		this.lastLook = look;
		return this.elapsed;
	}

	/**
	 * Return when a time is up that begins now.
	 * @param limit the time
	 * @return the moment on this clock
	 */
	public long deadline(Duration limit) {
		return now() + limit.toNanos();
	}

	/**
	 * Return how long it is until a moment.
	 * @param deadline the moment on this clock
	 * @return the time, zero if it has come
	 */
	public Duration until(long deadline) {
		return Duration.ofNanos(Math.max(0, deadline - now()));
	}

	/**
	 * Wait for something. What has happened while this process was suspended is found,
	 * however long that was.
	 * @param look waits for it
	 * @param patience for how long, not at all if negative
	 * @return whether it has happened in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean await(Look look, Duration patience) throws InterruptedException {
		long deadline = deadline(patience);
		while (true) {
			Duration left = until(deadline);
			if (look.within((left.compareTo(LONGEST_LOOK) < 0) ? left.toNanos() : LONGEST_LOOK.toNanos())) {
				return true;
			}
			if (left.isZero()) {
				return false;
			}
		}
	}

	/**
	 * Waits for something for a short time.
	 */
	@FunctionalInterface
	public interface Look {

		/**
		 * Wait.
		 * @param nanos for how many nanoseconds at most, perhaps not at all
		 * @return whether it has happened
		 * @throws InterruptedException if the thread was interrupted
		 */
		boolean within(long nanos) throws InterruptedException;

	}

}
