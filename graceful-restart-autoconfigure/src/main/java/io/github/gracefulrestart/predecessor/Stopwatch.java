package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;

/**
 * Measures the phases of one restart.
 */
final class Stopwatch {

	private final Instant startedAt = Instant.now();

	private final List<RestartReport.Phase> laps = new ArrayList<>();

	private long lapStart = System.nanoTime();

	private RestartPhase current;

	Stopwatch(RestartPhase first) {
		this.current = first;
	}

	synchronized void next(RestartPhase phase) {
		this.laps.add(lap());
		this.lapStart = System.nanoTime();
		this.current = phase;
	}

	synchronized List<RestartReport.Phase> laps() {
		List<RestartReport.Phase> result = new ArrayList<>(this.laps);
		result.add(lap());
		return List.copyOf(result);
	}

	Instant startedAt() {
		return this.startedAt;
	}

	private RestartReport.Phase lap() {
		return new RestartReport.Phase(this.current.label(), Duration.ofNanos(System.nanoTime() - this.lapStart));
	}

}
