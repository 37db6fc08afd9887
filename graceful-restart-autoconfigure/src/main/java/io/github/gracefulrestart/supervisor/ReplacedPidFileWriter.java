package io.github.gracefulrestart.supervisor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Stands in for Spring Boot's writer of pid files, which writes in a successor before it
 * serves, and deletes the file at the exit of each process, whichever has written it.
 * Where restarts are off, or the file is named in code only, the writer does its work as
 * ever.
 */
final class ReplacedPidFileWriter implements ApplicationListener<SpringApplicationEvent>, Ordered {

	private static final Log logger = LogFactory.getLog(ReplacedPidFileWriter.class);

	private final ApplicationPidFileWriter writer;

	private volatile @Nullable PidFileSettings settings;

	/**
	 * Create what stands in.
	 * @param writer the writer of the application
	 */
	ReplacedPidFileWriter(ApplicationPidFileWriter writer) {
		this.writer = writer;
	}

	@Override
	public void onApplicationEvent(SpringApplicationEvent event) {
		if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
			this.settings = PidFileSettings.of(prepared.getEnvironment(), true);
		}
		PidFileSettings known = this.settings;
		if (known != null && known.path() != null) {
			return;
		}
		if (known != null && event instanceof ApplicationPreparedEvent) {
			logger.warn("The file of ApplicationPidFileWriter is named in code. Each process of a graceful restart "
					+ "writes it when it starts, and deletes it when it exits. Name the file in spring.pid.file, and it "
					+ "names the process that serves");
		}
		this.writer.onApplicationEvent(event);
	}

	@Override
	public int getOrder() {
		// Behind what reads the configuration files
		return this.writer.getOrder();
	}

}
