package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while this process is suspended: when this process continues,
 * the other process does not count as late, and its messages can still be read. The
 * thread that waits has to read the clock regularly, because a suspension is recognized
 * by a long time between two readings. Used by one thread.
 */
public final class Ticker {

	/**
	 * The most that counts of the time between two readings.
	 */
	public static final Duration LONGEST_LOOK = Duration.ofMillis(250);

	/**
	 * The longest wait between two readings, so that a thread that wakes up late does not
	 * seem to have been suspended.
	 */
	private static final Duration LONGEST_WAIT = LONGEST_LOOK.dividedBy(2);

	private final LongSupplier time;

	private final long begin;

	/**
	 * The time by which the other clock is ahead of this one after each suspension, by
	 * the moment of this clock from which on it applies.
	 */
	private final NavigableMap<Long, Long> leads = new TreeMap<>();

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
		this.begin = time.getAsLong();
		this.lastLook = this.begin;
	}

	/**
	 * Read the clock.
	 * @return the time in nanoseconds, which has a meaning only in comparison with
	 * another time of the same clock
	 */
	public long now() {
		long look = this.time.getAsLong();
		long passed = look - this.lastLook;
		long counted = Math.min(passed, LONGEST_LOOK.toNanos());
		this.elapsed += counted;
		this.lastLook = look;
		if (passed > counted) {
			this.leads.put(this.elapsed, look - this.elapsed);
		}
		return this.elapsed;
	}

	/**
	 * Return the end of a time that begins now.
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
	 * Convert a moment of this clock, for comparison with times that were recorded by
	 * {@link System#nanoTime()}.
	 * @param moment a moment on this clock that has passed
	 * @return the moment on the clock that does not stand still,
	 * {@link System#nanoTime()}
	 */
	public long nanoTime(long moment) {
		Map.Entry<Long, Long> lead = this.leads.floorEntry(moment);
		return moment + ((lead != null) ? lead.getValue() : this.begin);
	}

	/**
	 * Wait for something. An event that occurred while this process was suspended is
	 * found, however long that was.
	 * @param look waits for it
	 * @param patience for how long, not at all if negative
	 * @return whether it has happened in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean await(Look look, Duration patience) throws InterruptedException {
		long deadline = deadline(patience);
		while (true) {
			Duration left = until(deadline);
			if (look.within((left.compareTo(LONGEST_WAIT) < 0) ? left.toNanos() : LONGEST_WAIT.toNanos())) {
				return true;
			}
			if (left.isZero()) {
				return false;
			}
		}
	}

	/**
	 * Wait until a latch is open.
	 * @param latch the latch
	 * @param patience for how long, not at all if negative
	 * @return whether it was opened in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean await(CountDownLatch latch, Duration patience) throws InterruptedException {
		return await((nanos) -> latch.await(nanos, TimeUnit.NANOSECONDS), patience);
	}

	/**
	 * Wait until a task is done.
	 * @param task the task
	 * @param patience for how long, not at all if negative
	 * @return whether it has completed in time, normally or not
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean await(Future<?> task, Duration patience) throws InterruptedException {
		return await((nanos) -> {
			try {
				task.get(nanos, TimeUnit.NANOSECONDS);
			}
			catch (ExecutionException | CancellationException | TimeoutException ex) {
				// The caller finds out how it has completed
			}
			return task.isDone();
		}, patience);
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
