package io.github.gracefulrestart.restart;

import org.springframework.context.ApplicationEvent;

/**
 * A restart has ended. When it completed, the successor publishes this event, having
 * received the report from its predecessor; otherwise the JVM that was asked.
 *
 * @since 0.1.0
 */
public class RestartEndedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient RestartReport report;

	RestartEndedEvent(Object source, RestartReport report) {
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
