package io.github.gracefulrestart.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.process.LaunchOrigin;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.trigger.WatchTrigger;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.BootstrapContextClosedEvent;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Installs signal handlers and connects to the predecessor as soon as the configuration
 * is known. If graceful restarts are not enabled, it only records the context, and the
 * descriptors that are open, which cannot be found out later.
 */
public class EarlyStartListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** The bean name of the early start. */
	public static final String BEAN_NAME = "gracefulRestartEarlyStart";

	private static final String ENABLED = GracefulRestartProperties.PREFIX + ".enabled";

	/** As early as the starter is loaded. */
	static final Map<Integer, String> OPEN_EARLY = LaunchOrigin.openDescriptors();

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Environment environment = event.getEnvironment();
		event.getBootstrapContext()
			.addCloseListener(
					(BootstrapContextClosedEvent closed) -> ApplicationContexts.add(closed.getApplicationContext()));
		if (environment.getProperty(ENABLED, Boolean.class, false)) {
			if (event.getSpringApplication().getWebApplicationType() != WebApplicationType.NONE) {
				ThisJvm.endIfTakenBack();
			}
			start(environment, event.getBootstrapContext());
		}
		else if (environment.getProperty(GracefulRestartProperties.PREFIX + ".required", Boolean.class, false)) {
			throw PropertyChecks.invalid("required", true, "it contradicts " + ENABLED + "=false; set that to true");
		}
		else if (System.getenv(SuccessorFlag.GENERATION) != null && SuccessorFlag.isOwnCertain()) {
			refuseToSucceed();
		}
	}

	private void start(Environment environment, ConfigurableBootstrapContext bootstrap) {
		List<String> signals = Binder.get(environment)
			.bind(GracefulRestartProperties.PREFIX + ".signals", Bindable.listOf(String.class))
			.orElseGet(() -> new GracefulRestartProperties().getSignals());
		List<String> names = PropertyChecks.checkSignals(signals);
		List<Path> watched = Binder.get(environment)
			.bind(GracefulRestartProperties.PREFIX + ".watch", Bindable.listOf(Path.class))
			.orElse(List.of());
		ThisJvm.connect();
		EarlyStart early = new EarlyStart(ThisJvm.origin(), ApplicationJars.ofThisJvm(),
				ThisJvm.trigger(NativeAccess.isSupportedSystem() ? names : List.of()), WatchTrigger.of(watched));
		bootstrap.addCloseListener((BootstrapContextClosedEvent closed) -> closed.getApplicationContext()
			.getBeanFactory()
			.registerSingleton(BEAN_NAME, early));
	}

	/**
	 * If the successor started as an ordinary process, it would fail at the first port
	 * that its predecessor listens on, with a message that does not explain the reason.
	 */
	private static void refuseToSucceed() {
		throw PropertyChecks.invalid("enabled", false,
				"this process was launched to take over from a running one, which cannot be switched off at the same "
						+ "time. Stop the service and start it to switch graceful restarts off");
	}

}
