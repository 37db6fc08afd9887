package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.restart.Restarter;
import io.github.gracefulrestart.trigger.SignalTrigger;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Tells the restarter when the application is ready, which takes both Spring Boot's word
 * that all runners are done and the readiness to accept traffic.
 */
class ReadinessListener implements ApplicationListener<ApplicationEvent>, Ordered {

	private final ApplicationContext context;

	private final Restarter restarter;

	private final SignalTrigger signals;

	private boolean runnersDone;

	private boolean acceptsTraffic;

	/** Guarded by this, and not held while others are told, who may have to wait. */
	private boolean told;

	ReadinessListener(ApplicationContext context, Restarter restarter, SignalTrigger signals) {
		this.context = context;
		this.restarter = restarter;
		this.signals = signals;
	}

	@Override
	public int getOrder() {
		// A successor takes over when everybody else has heard that the application is
		// ready
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ApplicationReadyEvent ready && ready.getApplicationContext() == this.context) {
			this.runnersDone = true;
			tellWhenReady();
		}
		else if (event instanceof AvailabilityChangeEvent<?> change
				&& change.getState() instanceof ReadinessState state) {
			this.acceptsTraffic = state == ReadinessState.ACCEPTING_TRAFFIC;
			tellWhenReady();
		}
	}

	private void tellWhenReady() {
		if (hasBecomeReady()) {
			this.signals.attach(this.restarter);
			this.restarter.applicationReady();
		}
	}

	private synchronized boolean hasBecomeReady() {
		boolean first = this.runnersDone && this.acceptsTraffic && !this.told;
		this.told |= first;
		return first;
	}

}
