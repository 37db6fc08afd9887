package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.process.SuccessorFlag;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;

/**
 * Manages the pid file, in place of an {@link ApplicationPidFileWriter} of the
 * application or because a property of this starter names a file, and port files. Created
 * before the first event reaches the listeners of the application.
 */
class PidFileRunListener implements SpringApplicationRunListener, Ordered {

	static final String BEAN_NAME = "gracefulRestartPidFile";

	static final String UNIT_BEAN_NAME = "gracefulRestartUnitPidFile";

	private static final Log logger = LogFactory.getLog(PidFileRunListener.class);

	private final boolean writer;

	/**
	 * Create a listener, as Spring Boot does.
	 * @param application whose writers are replaced
	 * @param args not used
	 */
	PidFileRunListener(SpringApplication application, String[] args) {
		boolean successor = SuccessorFlag.own() != null;
		List<ApplicationListener<?>> listeners = new ArrayList<>();
		boolean found = false;
		for (ApplicationListener<?> listener : application.getListeners()) {
			if (listener instanceof ApplicationPidFileWriter pidFileWriter) {
				listeners.add(new ReplacedPidFileWriter(pidFileWriter, successor));
			}
			else {
				listeners.add(ReplacedPortFileWriter.replace(listener, successor));
			}
			found = found || listeners.get(listeners.size() - 1) instanceof ReplacedPidFileWriter;
		}
		this.writer = found;
		if (!listeners.equals(List.copyOf(application.getListeners()))) {
			application.setListeners(listeners);
		}
	}

	@Override
	public int getOrder() {
		// Before the run listener that notifies the application's listeners
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void contextLoaded(ConfigurableApplicationContext context) {
		PidFileSettings settings = PidFileSettings.of(context.getEnvironment(), this.writer);
		if (settings == null || context.containsBean(BEAN_NAME) || context.containsBean(UNIT_BEAN_NAME)) {
			return;
		}
		Path configured = settings.path();
		Path ofUnit = PidFileSettings.ofUnit(System.getenv());
		if (configured != null && !isSame(configured, ofUnit)) {
			takeCharge(BEAN_NAME, configured, settings.required(), false, context);
		}
		if (ofUnit != null) {
			takeCharge(UNIT_BEAN_NAME, ofUnit, settings.required(), true, context);
		}
		if (SuccessorFlag.own() == null && context.getParent() == null) {
			say(Supervision.of(context.getEnvironment()));
		}
	}

	private static void say(Supervision supervision) {
		String text = "This process (pid " + ProcessHandle.current().pid() + ") is supervised by " + supervision.by();
		switch (supervision.kind()) {
			case PID_FILE -> logger.info(text);
			case KEEPER ->
				logger.info(text + ". After a restart it stays as the keeper of the service, and passes signals on");
			case UNSUITABLE -> logger.warn(text + ", with a unit that has no PIDFile=: restarts are refused");
			case NONE -> logger.debug(text);
		}
	}

	private static boolean isSame(Path configured, @Nullable Path ofUnit) {
		return ofUnit != null && configured.toAbsolutePath().normalize().equals(ofUnit.toAbsolutePath().normalize());
	}

	private static void takeCharge(String name, Path path, boolean required, boolean heir,
			ConfigurableApplicationContext context) {
		PidFile file = new PidFile(path, ProcessHandle.current().pid());
		context.getBeanFactory().registerSingleton(name, new PidFileParticipant(file, required, heir));
		SpringApplication.getShutdownHandlers().add(file::release);
		// The process in a file for systemd belongs to the unit, or does not matter
		if (SuccessorFlag.own() != null || (!heir && file.namesAnother())) {
			// While the other process serves, this one does not
			return;
		}
		try {
			file.claim();
		}
		catch (IOException ex) {
			if (required) {
				throw new IllegalStateException("Cannot create pid file " + file, ex);
			}
			logger.warn("Cannot create pid file " + file, ex);
		}
	}

}
