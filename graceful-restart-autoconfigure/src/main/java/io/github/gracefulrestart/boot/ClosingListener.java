package io.github.gracefulrestart.boot;

import io.github.gracefulrestart.engine.RestartEngine;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Tells the engine when the application is closing.
 */
public class ClosingListener implements ApplicationListener<ContextClosedEvent>, Ordered {

	private final ApplicationContext context;

	private final RestartEngine engine;

	public ClosingListener(ApplicationContext context, RestartEngine engine) {
		this.context = context;
		this.engine = engine;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			ThisJvm.detach(this.context);
			this.engine.applicationClosing();
		}
	}

}
