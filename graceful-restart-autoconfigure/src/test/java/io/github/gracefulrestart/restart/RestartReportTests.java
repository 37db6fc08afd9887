package io.github.gracefulrestart.restart;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestartReportTests {

	static RestartReport report() {
		return new RestartReport("signal USR2", RestartOutcome.COMPLETED, null, null, 4, 100, 200,
				Instant.parse("2026-01-02T03:04:05.678Z"),
				List.of(new RestartReport.Phase("preflight", Duration.ofMillis(1)),
						new RestartReport.Phase("launching", Duration.ofNanos(1_500_000_001)),
						new RestartReport.Phase("draining", Duration.ofSeconds(61))),
				new DrainSummary(4, 5, 1, 2, 3), Duration.ofMillis(-2));
	}

	@Test
	void whenReadThenIsTheSameReport() {
		assertThat(RestartReport.fromEntries(report().toEntries(), Duration.ofMillis(-2))).isEqualTo(report());
	}

	@Test
	void durationsAreThoseOfThePhases() {
		assertThat(report().duration()).isEqualTo(Duration.ofNanos(62_501_000_001L));
		assertThat(report().duration(RestartPhase.DRAINING)).isEqualTo(Duration.ofSeconds(61));
		assertThat(report().duration(RestartPhase.LEAVING)).isNull();
	}

	@Test
	void whenEntriesAreMissingThenTheRestIsRead() {
		RestartReport read = RestartReport.fromEntries(Map.of("generation", "5"), null);
		assertThat(read.generation()).isEqualTo(5);
		assertThat(read.trigger()).isEqualTo("unknown");
		assertThat(read.outcome()).isEqualTo(RestartOutcome.COMPLETED);
		assertThat(read.phases()).isEmpty();
		assertThat(read.drained()).isEqualTo(DrainSummary.NONE);
	}

	@Test
	void whenANewerLibraryWroteMoreThenThatIsSkipped() {
		Map<String, String> entries = report().toEntries();
		entries.put("phase.probation", "PT10S");
		entries.put("drained.hibernated", "17");
		RestartReport read = RestartReport.fromEntries(entries, null);
		assertThat(read.phases()).extracting(RestartReport.Phase::name)
			.containsExactly("preflight", "launching", "draining", "probation");
		assertThat(read.drained()).isEqualTo(report().drained());
	}

}
