package io.github.gracefulrestart.autoconfigure;

import java.util.List;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.process.WorkingDirectory;
import io.github.gracefulrestart.restart.SuccessorLink;
import io.github.gracefulrestart.trigger.SignalTrigger;
import org.jspecify.annotations.Nullable;

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
 * is known. Does nothing, and loads no other class, unless graceful restarts are enabled.
 */
class EarlyStartListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	static final String BEAN_NAME = "gracefulRestartEarlyStart";

	private static final String ENABLED = GracefulRestartProperties.PREFIX + ".enabled";

	private static volatile @Nullable SuccessorLink link;

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Environment environment = event.getEnvironment();
		if (environment.getProperty(ENABLED, Boolean.class, false)) {
			start(environment, event.getBootstrapContext());
		}
		else if (environment.getProperty(GracefulRestartProperties.PREFIX + ".required", Boolean.class, false)) {
			throw PropertyChecks.invalid("required", true, "it contradicts " + ENABLED + "=false; set that to true");
		}
		else if (System.getenv(SuccessorFlag.GENERATION) != null && SuccessorFlag.own() != null) {
			refuseToSucceed();
		}
	}

	private void start(Environment environment, ConfigurableBootstrapContext bootstrap) {
		List<String> signals = Binder.get(environment)
			.bind(GracefulRestartProperties.PREFIX + ".signals", Bindable.listOf(String.class))
			.orElseGet(() -> new GracefulRestartProperties().getSignals());
		List<String> names = PropertyChecks.checkSignals(signals);
		SuccessorLink toPredecessor = openLink();
		EarlyStart early = new EarlyStart(WorkingDirectory.current(), ApplicationJars.ofThisJvm(), toPredecessor,
				SignalTrigger.install(NativeAccess.isSupportedSystem() ? names : List.of(),
						(toPredecessor != null) ? toPredecessor.flag().predecessorPid() : null));
		bootstrap.addCloseListener((BootstrapContextClosedEvent closed) -> closed.getApplicationContext()
			.getBeanFactory()
			.registerSingleton(BEAN_NAME, early));
	}

	private static synchronized @Nullable SuccessorLink openLink() {
		if (link == null) {
			SuccessorFlag flag = SuccessorFlag.own();
			link = (flag != null) ? SuccessorLink.open(flag) : null;
		}
		return link;
	}

	/**
	 * Started as an ordinary process, the successor would fail on the first port that its
	 * predecessor listens on, with a message that explains nothing.
	 */
	private static void refuseToSucceed() {
		throw PropertyChecks.invalid("enabled", false,
				"this process was launched to take over from a running one, which cannot be switched off at the same "
						+ "time. Stop the service and start it to switch graceful restarts off");
	}

	static @Nullable SuccessorLink link() {
		return link;
	}

}
