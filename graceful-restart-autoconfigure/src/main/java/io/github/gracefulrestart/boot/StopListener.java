package io.github.gracefulrestart.boot;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;

import io.github.gracefulrestart.engine.RestartEngine;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Tells the engine that this process, or the application, is told to stop. It is called
 * before all other listeners: a listener of the application may take its time, fail or
 * never return, and the restart must not continue in the meantime.
 */
public class StopListener implements ApplicationListener<ApplicationEvent>, PriorityOrdered, DisposableBean {

	private final ApplicationContext context;

	private final RestartEngine engine;

	/**
	 * Runs beside Spring's own when the JVM ends, and not after it.
	 */
	private final Thread hook;

	public StopListener(ApplicationContext context, RestartEngine engine) {
		this.context = context;
		this.engine = engine;
		this.hook = new Thread(engine::stopRequested, "graceful-restart-stop");
		try {
			Runtime.getRuntime().addShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			engine.stopRequested();
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		boolean closing = event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context;
		if (closing || (refusesTraffic(event) && isClosed())) {
			this.engine.stopRequested();
		}
	}

	private boolean refusesTraffic(ApplicationEvent event) {
		return event instanceof AvailabilityChangeEvent<?> change
				&& change.getState() == ReadinessState.REFUSING_TRAFFIC && change.getSource() == this.context;
	}

	/**
	 * A context with a web server publishes REFUSING_TRAFFIC before its closed event. An
	 * application may refuse traffic for other reasons without being about to stop; only
	 * the caller of this method shows the reason.
	 */
	private boolean isClosed() {
		return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
			.walk((frames) -> frames.anyMatch(StopListener::isCloseOfContext));
	}

	private static boolean isCloseOfContext(StackFrame frame) {
		return frame.getMethodName().equals("doClose")
				&& ApplicationContext.class.isAssignableFrom(frame.getDeclaringClass());
	}

	@Override
	public void destroy() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// The hook is running, or has run
		}
	}

}
