package io.github.gracefulrestart.posix;

/**
 * The clock that processes of one machine have in common: {@code CLOCK_MONOTONIC}, see
 * clock_gettime(2). What {@link System#nanoTime()} counts from is not specified.
 */
public final class MonotonicClock {

	private static final int CLOCK_MONOTONIC = 1;

	private static final long MICROS_PER_SECOND = 1_000_000;

	private static final long NANOS_PER_MICRO = 1_000;

	private MonotonicClock() {
	}

	/**
	 * Read the clock.
	 * @return microseconds
	 * @throws PosixException if the kernel refuses
	 */
	public static long micros() throws PosixException {
		long[] time = new long[2];
		Native.check(Native.libc().clock_gettime(CLOCK_MONOTONIC, time), "clock_gettime(CLOCK_MONOTONIC)");
		return time[0] * MICROS_PER_SECOND + time[1] / NANOS_PER_MICRO;
	}

}
