package io.github.gracefulrestart;

import org.springframework.context.ApplicationEvent;

/**
 * A restart has ended. If it completed, the successor publishes this event when it has
 * received the report from its predecessor. Otherwise the JVM that was asked to restart
 * publishes it.
 * <p>
 * Published on the thread {@code graceful-restart-events}, after the events before it. A
 * listener may take its time: the restart does not wait for it, so the phase may have
 * changed in the meantime. Exceptions are logged.
 *
 * @since 0.1.0
 */
public class RestartEndedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient RestartReport report;

	public RestartEndedEvent(Object source, RestartReport report) {
		super(source);
		this.report = report;
	}

	/**
	 * Return the report.
	 * @return the report
	 */
	public RestartReport getReport() {
		return this.report;
	}

}
