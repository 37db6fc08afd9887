package io.github.gracefulrestart;

import org.springframework.context.ApplicationEvent;

/**
 * A restart has ended. When it completed, the successor publishes this event, having
 * received the report from its predecessor; otherwise the JVM that was asked.
 * <p>
 * Published on the thread {@code graceful-restart-events}, after the events before it. A
 * listener may take its time: the restart does not wait for it, so that the phase may
 * have changed meanwhile. What it throws is logged.
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
