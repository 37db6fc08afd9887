package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.engine.RestartEngine;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Tells the restarter when the application is closing.
 */
class ClosingListener implements ApplicationListener<ContextClosedEvent>, Ordered {

	private final ApplicationContext context;

	private final RestartEngine restarter;

	ClosingListener(ApplicationContext context, RestartEngine restarter) {
		this.context = context;
		this.restarter = restarter;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			ThisJvm.detach(this.context);
			this.restarter.applicationClosing();
		}
	}

}
