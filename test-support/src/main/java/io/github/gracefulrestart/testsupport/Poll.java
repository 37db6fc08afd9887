package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for an event without a notification, such as the end of a process that is not our
 * child.
 */
public final class Poll {

	private static final long INTERVAL = 10_000_000;

	private Poll() {
	}

	static boolean until(Duration patience, BooleanSupplier condition) {
		long deadline = System.nanoTime() + patience.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(INTERVAL);
		}
		return true;
	}

	/**
	 * Wait until a value does not change any more.
	 * @param value looks at the value
	 * @param stable for how long it must be the same
	 * @param patience how long to wait at most
	 * @param <T> the type of the value
	 * @return the value
	 * @throws AssertionError if it still changes when the time is up
	 */
	public static <T> T settled(Supplier<T> value, Duration stable, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		T last = value.get();
		long since = System.nanoTime();
		while (System.nanoTime() - since < stable.toNanos()) {
			if (System.nanoTime() - deadline >= 0) {
				throw new AssertionError("still changing after " + patience.toMillis() + " ms: " + last);
			}
			LockSupport.parkNanos(INTERVAL);
			T now = value.get();
			if (!now.equals(last)) {
				last = now;
				since = System.nanoTime();
			}
		}
		return last;
	}

}
