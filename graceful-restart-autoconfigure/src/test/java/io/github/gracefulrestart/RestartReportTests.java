package io.github.gracefulrestart;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestartReportTests {

	@Test
	void durationsAreThoseOfThePhases() {
		RestartReport report = RestartReport.of("signal USR2", RestartOutcome.COMPLETED)
			.phases(List.of(new RestartReport.Phase("preflight", Duration.ofMillis(1)),
					new RestartReport.Phase("launching", Duration.ofNanos(1_500_000_001)),
					new RestartReport.Phase("draining", Duration.ofSeconds(61))))
			.build();
		assertThat(report.duration()).isEqualTo(Duration.ofNanos(62_501_000_001L));
		assertThat(report.duration(RestartPhase.DRAINING)).isEqualTo(Duration.ofSeconds(61));
		assertThat(report.duration(RestartPhase.LEAVING)).isNull();
	}

}
