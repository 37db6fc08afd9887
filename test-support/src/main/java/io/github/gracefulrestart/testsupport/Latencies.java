package io.github.gracefulrestart.testsupport;

import java.time.Duration;
import java.util.Arrays;

/**
 * The distribution of the latencies of some answers. Percentiles are nearest-rank over
 * all of them; each is zero if there are none.
 */
public final class Latencies {

	private final long[] sorted;

	Latencies(long[] nanos) {
		this.sorted = nanos.clone();
		Arrays.sort(this.sorted);
	}

	/**
	 * Return how many answers there are.
	 * @return the number of answers
	 */
	public int count() {
		return this.sorted.length;
	}

	/**
	 * Return the median.
	 * @return the median
	 */
	public Duration p50() {
		return percentile(50);
	}

	/**
	 * Return the 99th percentile.
	 * @return the 99th percentile
	 */
	public Duration p99() {
		return percentile(99);
	}

	/**
	 * Return the longest.
	 * @return the longest
	 */
	public Duration max() {
		return percentile(100);
	}

	/**
	 * Return any percentile.
	 * @param percent from 0 to 100
	 * @return the percentile
	 */
	public Duration percentile(double percent) {
		if (this.sorted.length == 0) {
			return Duration.ZERO;
		}
		int rank = (int) Math.ceil(this.sorted.length * percent / 100);
		return Duration.ofNanos(this.sorted[Math.max(rank, 1) - 1]);
	}

	@Override
	public String toString() {
		return "n=%d p50=%.2fms p99=%.2fms max=%.2fms".formatted(count(), millis(p50()), millis(p99()), millis(max()));
	}

	private static double millis(Duration duration) {
		return duration.toNanos() / 1e6;
	}

}
