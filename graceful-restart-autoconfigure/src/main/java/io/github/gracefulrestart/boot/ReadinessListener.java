package io.github.gracefulrestart.boot;

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
 * Tells the engine when the application is ready. If that takes long, logs what the
 * application waits for.
 */
public class ReadinessListener implements ApplicationListener<ApplicationEvent>, Ordered {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final ApplicationContext context;

	private final RestartEngine engine;

	private final Lineage lineage;

	private final Readiness readiness;

	private final ReadinessWatch watch;

	/**
	 * Create a listener.
	 * @param context the application context
	 * @param engine told when the application is ready
	 * @param lineage whether the application takes over from a predecessor
	 * @param properties how long a successor may take, and whether restarts are required
	 */
	public ReadinessListener(ConfigurableApplicationContext context, RestartEngine engine, Lineage lineage,
			GracefulRestartProperties properties) {
		this.context = context;
		this.engine = engine;
		this.lineage = lineage;
		this.readiness = new Readiness(context);
		this.watch = new ReadinessWatch(this.readiness, patience(lineage, properties.getStartupTimeout()),
				properties.isRequired());
		engine.whenNotReady(this.readiness::missing);
	}

	/**
	 * Return the time after which it is logged that the application is not ready: in a
	 * successor, before the predecessor's limit passes.
	 */
	private static Duration patience(Lineage lineage, Duration startupTimeout) {
		return (lineage.link() != null && startupTimeout.compareTo(PATIENCE) < 0) ? startupTimeout.dividedBy(2)
				: PATIENCE;
	}

	@Override
	public int getOrder() {
		// A successor takes over when all other listeners have been told that the
		// application is ready
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ContextRefreshedEvent refreshed && refreshed.getApplicationContext() == this.context) {
			this.readiness.refreshed();
			ThisJvm.attach(this.context, this.engine.restarter());
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
				// Another context takes over, and exclusive work may start after that
				this.engine
					.whenNotReady(() -> "the predecessor (pid " + other.flag().predecessorPid() + ") is still there");
				other.whenPredecessorGone(this.engine::applicationReady);
			}
			else {
				this.engine.applicationReady();
			}
		}
	}

}
