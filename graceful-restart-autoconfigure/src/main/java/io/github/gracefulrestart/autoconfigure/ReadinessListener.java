package io.github.gracefulrestart.autoconfigure;

import java.time.Duration;

import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.successor.PredecessorLink;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;

/**
 * Tells the restarter when the application is ready, and if that takes long, the log what
 * it waits for.
 */
class ReadinessListener implements ApplicationListener<ApplicationEvent>, Ordered {

	private final ApplicationContext context;

	private final RestartEngine restarter;

	private final Lineage lineage;

	private final Readiness readiness;

	private final ReadinessWatch watch;

	/**
	 * Create a listener.
	 * @param context the application context
	 * @param restarter told when the application is ready
	 * @param lineage whether the application takes over from a predecessor
	 * @param patience how long the application may take until the log says that it is not
	 * ready
	 * @param required whether restarts are required
	 */
	ReadinessListener(ConfigurableApplicationContext context, RestartEngine restarter, Lineage lineage,
			Duration patience, boolean required) {
		this.context = context;
		this.restarter = restarter;
		this.lineage = lineage;
		this.readiness = new Readiness(context);
		this.watch = new ReadinessWatch(this.readiness, patience, required);
		restarter.whenNotReady(this.readiness::missing);
	}

	@Override
	public int getOrder() {
		// A successor takes over when everybody else has heard that the application is
		// ready
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ContextRefreshedEvent refreshed && refreshed.getApplicationContext() == this.context) {
			this.readiness.refreshed();
			ThisJvm.attach(this.context, this.restarter);
			tellWhenReady();
			this.watch.start();
		}
		else if (event instanceof ApplicationReadyEvent ready && ready.getApplicationContext() == this.context) {
			this.readiness.runnersDone();
		}
		else if (event instanceof AvailabilityChangeEvent<?> change && change.getState() instanceof ReadinessState state
				&& isOwn(change.getSource())) {
			this.readiness.acceptsTraffic(state == ReadinessState.ACCEPTING_TRAFFIC);
			tellWhenReady();
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			this.watch.stop();
		}
	}

	/**
	 * Events of a context reach its parent, too.
	 */
	private boolean isOwn(Object source) {
		return source == this.context || !(source instanceof ApplicationContext);
	}

	private void tellWhenReady() {
		if (this.readiness.hasBecomeReady()) {
			this.watch.stop();
			PredecessorLink other = (this.lineage.link() == null) ? ThisJvm.link() : null;
			if (other != null) {
				// Another context takes over; what is to run once may begin after that
				this.restarter
					.whenNotReady(() -> "the predecessor (pid " + other.flag().predecessorPid() + ") is still there");
				other.whenPredecessorGone(this.restarter::applicationReady);
			}
			else {
				this.restarter.applicationReady();
			}
		}
	}

}
