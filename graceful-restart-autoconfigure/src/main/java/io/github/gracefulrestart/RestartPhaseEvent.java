package io.github.gracefulrestart;

import org.springframework.context.ApplicationEvent;

/**
 * This JVM has entered another phase.
 * <p>
 * Published on the thread {@code graceful-restart-events}, after the events before it. A
 * listener may take its time: the restart does not wait for it, so the phase may have
 * changed in the meantime. Exceptions are logged.
 *
 * @since 0.1.0
 */
public class RestartPhaseEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final RestartPhase previous;

	private final RestartPhase phase;

	public RestartPhaseEvent(Object source, RestartPhase previous, RestartPhase phase) {
		super(source);
		this.previous = previous;
		this.phase = phase;
	}

	/**
	 * Return the phase that has ended.
	 * @return the phase before
	 */
	public RestartPhase getPrevious() {
		return this.previous;
	}

	/**
	 * Return the phase that has begun.
	 * @return the phase now
	 */
	public RestartPhase getPhase() {
		return this.phase;
	}

}
