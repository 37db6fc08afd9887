package io.github.gracefulrestart;

import org.springframework.context.ApplicationEvent;

/**
 * No other generation of this service runs any longer: the time to start work that only
 * one process may do. A first generation publishes it when it is ready, a successor when
 * it is ready and its predecessor has exited.
 * <p>
 * Published on the thread {@code graceful-restart-events}, after the events before it. A
 * listener may take its time: the restart does not wait for it, so the phase may have
 * changed in the meantime. Exceptions are logged.
 *
 * @since 0.1.0
 */
public class PredecessorGoneEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	public PredecessorGoneEvent(Object source) {
		super(source);
	}

}
