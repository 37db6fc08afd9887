package io.github.gracefulrestart.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RestartMetricsTests {

	private static final String PREFIX = "graceful.restart.";

	private final PlayedRestarter restarter = new PlayedRestarter();

	private final RestartMetrics metrics = new RestartMetrics(this.restarter);

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final MeterRegistry other = new SimpleMeterRegistry();

	@BeforeEach
	void bind() {
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(this.other);
	}

	@Test
	void whenNoRestartHasEndedThenTheGenerationIsThere() {
		assertThat(gauge("generation")).isEqualTo(PlayedRestarter.GENERATION);
		assertThat(this.registry.find(PREFIX + "attempts").counters()).isEmpty();
	}

	@Test
	void whenDrainingThenActiveConnectionsAreCounted() {
		this.restarter.connections = new ConnectionCount(5, 6);
		assertThat(gauge("connections.draining")).isZero();
		this.restarter.phase = RestartPhase.DRAINING;
		assertThat(gauge("connections.draining")).isEqualTo(5);
	}

	@Test
	void whenARestartHasCompletedThenItsFiguresAreRecordedInEachRegistry() {
		end(served(RestartOutcome.COMPLETED));
		for (MeterRegistry each : List.of(this.registry, this.other)) {
			assertThat(each.get(PREFIX + "attempts").tags("trigger", "test", "outcome", "completed").counter().count())
				.isEqualTo(1);
			assertThat(millis(each, "ready")).isEqualTo(300);
			assertThat(millis(each, "drain")).isEqualTo(400);
			assertThat(millis(each, "handover.gap")).isEqualTo(7);
			assertThat(fate(each, "moved")).isEqualTo(1);
			assertThat(fate(each, "told")).isEqualTo(2);
			assertThat(fate(each, "finished")).isEqualTo(3);
			assertThat(fate(each, "closed-idle")).isEqualTo(4);
			assertThat(fate(each, "cut")).isEqualTo(5);
			assertThat(each.find(PREFIX + "connections").tag("fate", "lost").counter()).isNull();
		}
	}

	@Test
	void whenBothAcceptedForAMomentThenThereIsNoGap() {
		end(RestartReport.of("test", RestartOutcome.COMPLETED)
			.phases(phases())
			.handoverGap(Duration.ofMillis(-3))
			.build());
		assertThat(millis(this.registry, "handover.gap")).isZero();
		assertThat(this.registry.get(PREFIX + "handover.gap").timer().count()).isEqualTo(1);
	}

	@Test
	void whenRolledBackThenWhatHadMovedIsLost() {
		end(served(RestartOutcome.ROLLED_BACK));
		assertThat(fate(this.registry, "lost")).isEqualTo(1);
		assertThat(this.registry.find(PREFIX + "connections").tag("fate", "moved").counter()).isNull();
	}

	@Test
	void whenTheSuccessorNeverServedThenOnlyTheAttemptIsCounted() {
		end(RestartReport.of("test", RestartOutcome.FAILED)
			.phases(List.of(new RestartReport.Phase(RestartPhase.LAUNCHING.label(), Duration.ofMillis(100))))
			.build());
		assertThat(this.registry.get(PREFIX + "attempts").tag("outcome", "failed").counter().count()).isEqualTo(1);
		assertThat(this.registry.find(PREFIX + "ready").timer()).isNull();
		assertThat(this.registry.find(PREFIX + "connections").counters()).isEmpty();
	}

	@Test
	void everyMeterIsAsItIsDocumented() {
		end(served(RestartOutcome.COMPLETED));
		for (RestartMeter documented : RestartMeter.values()) {
			Meter meter = this.registry.get(documented.meterName()).meters().iterator().next();
			assertThat(meter.getId().getType()).as(documented.meterName()).isEqualTo(documented.type());
			assertThat(meter.getId().getDescription()).isEqualTo(documented.description());
			assertThat(meter.getId().getTags()).extracting(Tag::getKey)
				.containsExactlyInAnyOrderElementsOf(documented.tags());
		}
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.hasSameElementsAs(Arrays.stream(RestartMeter.values()).map(RestartMeter::meterName).toList());
	}

	private void end(RestartReport report) {
		this.metrics.onApplicationEvent(new RestartEndedEvent(this, report));
	}

	private static RestartReport served(RestartOutcome outcome) {
		return RestartReport.of("test", outcome)
			.phases(phases())
			.drained(new DrainSummary(1, 2, 3, 4, 5))
			.handoverGap(Duration.ofMillis(7))
			.build();
	}

	private static List<RestartReport.Phase> phases() {
		return List.of(new RestartReport.Phase(RestartPhase.LAUNCHING.label(), Duration.ofMillis(100)),
				new RestartReport.Phase(RestartPhase.AWAITING_READY.label(), Duration.ofMillis(200)),
				new RestartReport.Phase(RestartPhase.DRAINING.label(), Duration.ofMillis(400)));
	}

	private double gauge(String name) {
		return this.registry.get(PREFIX + name).gauge().value();
	}

	private static double millis(MeterRegistry registry, String name) {
		return registry.get(PREFIX + name).timer().totalTime(TimeUnit.MILLISECONDS);
	}

	private static double fate(MeterRegistry registry, String fate) {
		return registry.get(PREFIX + "connections").tag("fate", fate).counter().count();
	}

}
