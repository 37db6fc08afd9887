package io.github.gracefulrestart.sample;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartPhaseEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * The ways in which a listener of an application does harm to those that come after it,
 * at the events that {@code sample.fault-at} names.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("sample.fault-at")
class ListenerFaultConfiguration {

	@Bean
	FaultyListener faultyListener(ApplicationContext context, SampleProperties properties) {
		return new FaultyListener(context, properties.faultAt(), properties.faultHow(), properties.faultTime());
	}

	/**
	 * A listener of everything, called first.
	 *
	 * @param context the context whose end counts
	 * @param at the events: {@code phase:draining}, {@code ended}, {@code gone},
	 * {@code refusing}, {@code closed}
	 * @param how {@code error}, {@code exception}, {@code sleep} or {@code hang}
	 * @param time how long to sleep
	 */
	record FaultyListener(ApplicationContext context, Set<String> at, String how,
			Duration time) implements ApplicationListener<ApplicationEvent>, Ordered {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
			String name = name(event);
			if (name != null && this.at.contains(name)) {
				fail(name);
			}
		}

		private @Nullable String name(ApplicationEvent event) {
			if (event instanceof RestartPhaseEvent phase) {
				return "phase:" + phase.getPhase().label();
			}
			if (event instanceof RestartEndedEvent) {
				return "ended";
			}
			if (event instanceof PredecessorGoneEvent) {
				return "gone";
			}
			if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
				return "closed";
			}
			return (event instanceof AvailabilityChangeEvent<?> change
					&& change.getState() == ReadinessState.REFUSING_TRAFFIC) ? "refusing" : null;
		}

		private void fail(String name) {
			switch (this.how) {
				case "error" -> throw new NoClassDefFoundError("listener of " + name);
				case "exception" -> throw new IllegalStateException("listener of " + name);
				case "sleep" -> pause(this.time);
				case "hang" -> pause(Duration.ofDays(1));
				default -> throw new IllegalArgumentException("no way to fail: " + this.how);
			}
		}

		private static void pause(Duration time) {
			try {
				new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
