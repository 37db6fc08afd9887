package io.github.gracefulrestart.predecessor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.state.RestartState;

/**
 * Moves this JVM from phase to phase of one restart, and measures each.
 */
final class Phases {

	private final Instant startedAt = Instant.now();

	private final RestartState state;

	private final List<RestartReport.Phase> laps = new ArrayList<>();

	private long lapStart = System.nanoTime();

	private RestartPhase current = RestartPhase.PREFLIGHT;

	/**
	 * Begin to measure.
	 * @param state the state of this JVM, in {@link RestartPhase#PREFLIGHT}
	 */
	Phases(RestartState state) {
		this.state = state;
	}

	/**
	 * Move to the next phase.
	 * @param phase the phase
	 */
	void enter(RestartPhase phase) {
		next(phase);
		this.state.move(phase);
	}

	private synchronized void next(RestartPhase phase) {
		this.laps.add(lap());
		this.lapStart = System.nanoTime();
		this.current = phase;
	}

	synchronized List<RestartReport.Phase> laps() {
		List<RestartReport.Phase> result = new ArrayList<>(this.laps);
		result.add(lap());
		return List.copyOf(result);
	}

	/**
	 * Return how long some phases took together.
	 * @param phases the phases
	 * @return the time in milliseconds
	 */
	long millis(RestartPhase... phases) {
		List<String> labels = Stream.of(phases).map(RestartPhase::label).toList();
		return laps().stream()
			.filter((lap) -> labels.contains(lap.name()))
			.mapToLong((lap) -> lap.duration().toMillis())
			.sum();
	}

	Instant startedAt() {
		return this.startedAt;
	}

	private RestartReport.Phase lap() {
		return new RestartReport.Phase(this.current.label(), Duration.ofNanos(System.nanoTime() - this.lapStart));
	}

}
