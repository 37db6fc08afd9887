package io.github.gracefulrestart.trigger;

import java.time.Duration;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * Whether a flight recording runs in this JVM, or ran until a moment ago: its signals may
 * still arrive shortly after its end. Loaded only when that matters, and only where the
 * JVM has the module {@code jdk.jfr}.
 */
final class FlightRecordings implements FlightRecorderListener {

	/** How long a signal of a recording may take to arrive. */
	private static final long AFTERMATH = Duration.ofSeconds(1).toNanos();

	private volatile long lastChange = System.nanoTime() - AFTERMATH;

	private FlightRecordings() {
	}

	/**
	 * Start to listen to the states of recordings. Does not start the flight recorder.
	 */
	static FlightRecordings watch() {
		FlightRecordings recordings = new FlightRecordings();
		FlightRecorder.addListener(recordings);
		return recordings;
	}

	/**
	 * Return whether there has been a recording, or will be in a moment: a recording
	 * sends signals some time before its state shows that it runs.
	 */
	boolean isPossible() {
		return FlightRecorder.isInitialized();
	}

	/**
	 * Return whether a recording runs, according to its state.
	 */
	boolean isRunning() {
		return FlightRecorder.isInitialized() && FlightRecorder.getFlightRecorder()
			.getRecordings()
			.stream()
			.anyMatch((recording) -> recording.getState() == RecordingState.RUNNING);
	}

	/**
	 * Return whether one has begun or ended so recently that its signals may still
	 * arrive.
	 */
	boolean hasJustChanged() {
		return System.nanoTime() - this.lastChange < AFTERMATH;
	}

	/**
	 * Return when a recording last started or ended.
	 */
	long lastChange() {
		return this.lastChange;
	}

	@Override
	public void recordingStateChanged(Recording recording) {
		this.lastChange = System.nanoTime();
	}

}
