package io.github.gracefulrestart.handover;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartReport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

public class ReportEntriesTests {

	public static RestartReport report() {
		return RestartReport.of("signal USR2", RestartOutcome.COMPLETED)
			.generation(4)
			.predecessorPid(100)
			.successorPid(200L)
			.startedAt(Instant.parse("2026-01-02T03:04:05.678Z"))
			.phases(List.of(new RestartReport.Phase("preflight", Duration.ofMillis(1)),
					new RestartReport.Phase("launching", Duration.ofNanos(1_500_000_001)),
					new RestartReport.Phase("draining", Duration.ofSeconds(61))))
			.drained(new DrainSummary(4, 5, 1, 2, 3))
			.handoverGap(Duration.ofMillis(-2))
			.build();
	}

	@Test
	void whenReadThenIsTheSameReport() {
		assertThat(ReportEntries.read(ReportEntries.of(report()), Duration.ofMillis(-2))).usingRecursiveComparison()
			.isEqualTo(report());
	}

	@Test
	void whenReadThenIsStartedFromTheSameFiles() {
		LaunchedFiles files = new LaunchedFiles("app.jar", "/opt/app-2.jar", 2, LaunchedFiles.Change.CHANGED,
				List.of("/opt/app-2.jar", "/opt/lib.jar"), Instant.parse("2026-01-02T03:04:05.678Z"));
		RestartReport report = RestartReport.of("signal USR2", RestartOutcome.COMPLETED).launched(files).build();
		RestartReport read = ReportEntries.read(ReportEntries.of(report), null);
		assertThat(read.launched()).isEqualTo(files);
		assertThat(read).usingRecursiveComparison().isEqualTo(report);
	}

	@Test
	void whenEntriesAreMissingThenTheRestIsRead() {
		RestartReport read = ReportEntries.read(Map.of("generation", "5"), null);
		assertThat(read.generation()).isEqualTo(5);
		assertThat(read.successorPid()).isNull();
		assertThat(read.trigger()).isEqualTo("unknown");
		assertThat(read.outcome()).isEqualTo(RestartOutcome.COMPLETED);
		assertThat(read.phases()).isEmpty();
		assertThat(read.drained()).isEqualTo(DrainSummary.NONE);
	}

	@Test
	void whenANewerLibraryWroteMoreThenThatIsSkipped() {
		Map<String, String> entries = ReportEntries.of(report());
		entries.put("phase.probation", "PT10S");
		entries.put("drained.hibernated", "17");
		entries.put("outcome", "COMPLETED_BETTER");
		entries.put("application.path", "/srv/shop.jar");
		entries.put("application.change", "SAME_SOURCES");
		RestartReport read = ReportEntries.read(entries, null);
		assertThat(read.phases()).extracting(RestartReport.Phase::name)
			.containsExactly("preflight", "launching", "draining", "probation");
		assertThat(read.drained()).isEqualTo(report().drained());
		assertThat(read.outcome()).isEqualTo(RestartOutcome.COMPLETED);
		assertThat(read.launched().change()).isEqualTo(LaunchedFiles.Change.CHANGED);
	}

}
