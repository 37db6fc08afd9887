package io.github.gracefulrestart.actuate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;

/**
 * Records restarts in every meter registry. The figures of a completed restart are
 * recorded by the successor, whose registry continues to be read.
 */
public class RestartMetrics implements MeterBinder, ApplicationListener<RestartEndedEvent> {

	private final Restarter restarter;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	/**
	 * Create the metrics.
	 * @param restarter the restarter
	 */
	public RestartMetrics(Restarter restarter) {
		this.restarter = restarter;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		Gauge.builder(RestartMeter.GENERATION.meterName(), this.restarter, (source) -> source.status().generation())
			.description(RestartMeter.GENERATION.description())
			.register(registry);
		Gauge.builder(RestartMeter.DRAINING.meterName(), this.restarter, RestartMetrics::draining)
			.description(RestartMeter.DRAINING.description())
			.register(registry);
	}

	private static int draining(Restarter restarter) {
		RestartStatus status = restarter.status();
		return (status.phase() == RestartPhase.DRAINING) ? status.connections().active() : 0;
	}

	@Override
	public void onApplicationEvent(RestartEndedEvent event) {
		this.registries.forEach((registry) -> record(registry, event.getReport()));
	}

	private static void record(MeterRegistry registry, RestartReport report) {
		counter(registry, RestartMeter.ATTEMPTS, "trigger", report.trigger(), "outcome", report.outcome().label())
			.increment();
		Duration launching = report.duration(RestartPhase.LAUNCHING);
		Duration awaitingReady = report.duration(RestartPhase.AWAITING_READY);
		Duration drain = report.duration(RestartPhase.DRAINING);
		if (launching != null && awaitingReady != null && drain != null) {
			record(registry, RestartMeter.READY, launching.plus(awaitingReady));
			record(registry, RestartMeter.DRAIN, drain);
			record(registry, RestartMeter.HANDOVER_GAP, report.handoverGap());
			// Connections that had moved to a successor that has exited ended with it
			count(registry, (report.outcome() == RestartOutcome.ROLLED_BACK) ? "lost" : "moved",
					report.drained().moved());
			count(registry, "told", report.drained().told());
			count(registry, "finished", report.drained().finished());
			count(registry, "closed-idle", report.drained().closedIdle());
			count(registry, "cut", report.drained().cut());
		}
	}

	private static void record(MeterRegistry registry, RestartMeter meter, @Nullable Duration duration) {
		if (duration != null) {
			Timer.builder(meter.meterName())
				.description(meter.description())
				.register(registry)
				.record(duration.isNegative() ? Duration.ZERO : duration);
		}
	}

	private static void count(MeterRegistry registry, String fate, long amount) {
		counter(registry, RestartMeter.CONNECTIONS, "fate", fate).increment((double) amount);
	}

	private static Counter counter(MeterRegistry registry, RestartMeter meter, String... tags) {
		return Counter.builder(meter.meterName()).description(meter.description()).tags(tags).register(registry);
	}

}
