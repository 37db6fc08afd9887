package io.github.gracefulrestart.trigger;

import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * Whether a flight recording runs in this JVM. Loaded only when that matters, and only
 * where the JVM has the module {@code jdk.jfr}.
 */
final class FlightRecordings {

	private FlightRecordings() {
	}

	static boolean isRunning() {
		return FlightRecorder.isInitialized() && FlightRecorder.getFlightRecorder()
			.getRecordings()
			.stream()
			.anyMatch((recording) -> recording.getState() == RecordingState.RUNNING);
	}

	/**
	 * Ask to be told once, when no recording runs any longer.
	 */
	static void whenStopped(Runnable action) {
		FlightRecorder.addListener(new FlightRecorderListener() {

			@Override
			public void recordingStateChanged(Recording recording) {
				if (recording.getState() != RecordingState.RUNNING && !isRunning()) {
					FlightRecorder.removeListener(this);
					action.run();
				}
			}

		});
	}

}
