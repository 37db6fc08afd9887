package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.restart.Restarter;
import io.github.gracefulrestart.trigger.SignalTrigger;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Tells the restarter when the application is closing.
 */
class ClosingListener implements ApplicationListener<ContextClosedEvent>, Ordered {

	private final ApplicationContext context;

	private final Restarter restarter;

	private final SignalTrigger signals;

	ClosingListener(ApplicationContext context, Restarter restarter, SignalTrigger signals) {
		this.context = context;
		this.restarter = restarter;
		this.signals = signals;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.signals.detach();
			this.restarter.applicationClosing();
		}
	}

}
