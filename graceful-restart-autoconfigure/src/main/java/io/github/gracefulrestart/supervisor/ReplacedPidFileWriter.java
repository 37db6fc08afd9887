package io.github.gracefulrestart.supervisor;

import io.github.gracefulrestart.PredecessorGoneEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;

/**
 * Replaces Spring Boot's writer of pid files, which writes in a successor before it
 * serves, and deletes the file at the exit of each process, even if another process has
 * written it. If restarts are disabled, the writer works as usual; if the file is named
 * only in code, it writes when the predecessor has exited.
 */
final class ReplacedPidFileWriter implements SmartApplicationListener {

	private final ApplicationPidFileWriter writer;

	private final HeldWriter<SpringApplicationEvent> held;

	private volatile @Nullable PidFileSettings settings;

	/**
	 * Create the replacement.
	 * @param writer the writer of the application
	 * @param successor whether this process is a successor
	 */
	ReplacedPidFileWriter(ApplicationPidFileWriter writer, boolean successor) {
		this.writer = writer;
		this.held = new HeldWriter<>(writer, successor);
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return SpringApplicationEvent.class.isAssignableFrom(type) || type == PredecessorGoneEvent.class;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
			this.settings = PidFileSettings.of(prepared.getEnvironment(), true);
		}
		PidFileSettings known = this.settings;
		if (known != null && known.path() != null) {
			return;
		}
		if (!(event instanceof SpringApplicationEvent wanted)) {
			this.held.passWhenGone(event);
		}
		else if (known != null) {
			this.held.pass(wanted);
		}
		else {
			this.writer.onApplicationEvent(wanted);
		}
	}

	@Override
	public int getOrder() {
		// After the listener that reads the configuration files
		return this.writer.getOrder();
	}

}
