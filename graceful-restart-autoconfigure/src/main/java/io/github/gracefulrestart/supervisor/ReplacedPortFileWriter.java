package io.github.gracefulrestart.supervisor;

import io.github.gracefulrestart.PredecessorGoneEvent;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.SmartApplicationListener;

/**
 * Replaces Spring Boot's writer of port files, which deletes the file at the exit of each
 * process. In a successor it writes when the predecessor has exited.
 */
final class ReplacedPortFileWriter implements SmartApplicationListener {

	private final WebServerPortFileWriter writer;

	private final HeldWriter<WebServerInitializedEvent> held;

	private ReplacedPortFileWriter(WebServerPortFileWriter writer, boolean successor) {
		this.writer = writer;
		this.held = new HeldWriter<>(writer, successor);
	}

	/**
	 * Return the replacement of a listener.
	 * @param listener a listener of the application
	 * @param successor whether this process is a successor
	 * @return the same, unless it is a writer of port files
	 */
	static ApplicationListener<?> replace(ApplicationListener<?> listener, boolean successor) {
		return (listener instanceof WebServerPortFileWriter writer) ? new ReplacedPortFileWriter(writer, successor)
				: listener;
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return WebServerInitializedEvent.class.isAssignableFrom(type) || type == PredecessorGoneEvent.class;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!(event instanceof WebServerInitializedEvent initialized)) {
			this.held.passWhenGone(event);
		}
		else if (Supervision.isWanted(initialized.getApplicationContext().getEnvironment())) {
			this.held.pass(initialized);
		}
		else {
			this.writer.onApplicationEvent(initialized);
		}
	}

}
