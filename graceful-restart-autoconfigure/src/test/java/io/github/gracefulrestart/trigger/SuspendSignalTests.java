package io.github.gracefulrestart.trigger;

import jdk.jfr.Recording;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real flight recording does to the decision. Whether its signals are recognised
 * is seen only in a process that gets some: {@code SignalIT}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SuspendSignalTests {

	@Test
	void whenARecordingRunsOrDidThenNobodyHasSentTheSignal(CapturedOutput output) {
		SuspendSignal signal = new SuspendSignal();
		assertThat(signal.isFromOutside()).isTrue();
		signal.watch();
		for (int i = 1; i <= 2; i++) {
			try (Recording recording = new Recording()) {
				recording.start();
				assertThat(signal.isFromOutside()).isFalse();
				assertThat(signal.isFromOutside()).isFalse();
				recording.stop();
				assertThat(signal.isFromOutside()).isFalse();
			}
			// Once for each recording
			assertThat(output.toString().split("A flight recording is running and uses signal USR2", -1))
				.hasSize(i + 1);
			Awaitility.await().until(signal::isFromOutside);
		}
	}

}
