package io.github.gracefulrestart.benchmarks;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import io.github.gracefulrestart.testsupport.Latencies;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.Sample;

/**
 * Small statistics, and numbers as people read them.
 */
final class Figures {

	private Figures() {
	}

	static double median(Collection<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int size = sorted.size();
		if (size == 0) {
			return Double.NaN;
		}
		return (size % 2 == 1) ? sorted.get(size / 2) : (sorted.get(size / 2 - 1) + sorted.get(size / 2)) / 2;
	}

	static double max(Collection<Double> values) {
		return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
	}

	static double min(Collection<Double> values) {
		return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
	}

	/**
	 * Return median and maximum.
	 */
	static String medianAndMax(Collection<Double> values) {
		return values.isEmpty() ? "–" : decimal(median(values)) + " / " + decimal(max(values));
	}

	static String latencies(Latencies latencies) {
		return (latencies.count() == 0) ? "–" : decimal(millis(latencies.p50())) + " / "
				+ decimal(millis(latencies.p99())) + " / " + decimal(millis(latencies.max()));
	}

	/**
	 * Return the longest time between two successful answers that follow each other.
	 */
	static double longestGapMillis(LoadReport report) {
		long[] ends = report.samples()
			.filter((sample) -> !sample.outcome().isFailure())
			.mapToLong(Sample::ended)
			.sorted()
			.toArray();
		long longest = 0;
		for (int i = 1; i < ends.length; i++) {
			longest = Math.max(longest, ends[i] - ends[i - 1]);
		}
		return longest / 1e6;
	}

	static double millis(Duration duration) {
		return duration.toNanos() / 1e6;
	}

	static String ratio(double value) {
		return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
	}

	static String count(long value) {
		return String.format(Locale.ROOT, "%,d", value);
	}

	static String decimal(double value) {
		if (Double.isNaN(value)) {
			return "–";
		}
		return String.format(Locale.ROOT, (Math.abs(value) < 100) ? "%.2f" : "%,.0f", value);
	}

}
