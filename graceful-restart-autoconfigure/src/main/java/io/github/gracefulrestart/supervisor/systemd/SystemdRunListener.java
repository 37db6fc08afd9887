package io.github.gracefulrestart.supervisor.systemd;

import java.util.List;

import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.supervisor.Supervision;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Lets systemd take part in the restarts of an application that it has started. Elsewhere
 * there is no participant.
 */
class SystemdRunListener implements SpringApplicationRunListener {

	static final String BEAN_NAME = "gracefulRestartSystemd";

	static final String SOCKETS_BEAN_NAME = "gracefulRestartSystemdSockets";

	private static final List<String> DEFAULT_SIGNALS = List.of("USR2", "HUP");

	/**
	 * Create a listener, as Spring Boot does.
	 * @param application not used
	 * @param args not used
	 */
	SystemdRunListener(SpringApplication application, String[] args) {
	}

	@Override
	public void contextLoaded(ConfigurableApplicationContext context) {
		Environment environment = context.getEnvironment();
		UnitEnvironment unit = UnitEnvironment.of(System.getenv(), ProcessHandle.current().pid());
		if (unit.isPresent() && Supervision.isWanted(environment) && !context.containsBean(BEAN_NAME)) {
			SystemdSockets sockets = SystemdSockets.own();
			context.getBeanFactory().registerSingleton(SOCKETS_BEAN_NAME, sockets);
			context.getBeanFactory().registerSingleton(BEAN_NAME, participant(context, unit, sockets));
		}
	}

	private static SystemdParticipant participant(ConfigurableApplicationContext context, UnitEnvironment unit,
			SystemdSockets sockets) {
		Environment environment = context.getEnvironment();
		List<String> signals = Binder.get(environment)
			.bind("graceful.restart.signals", Bindable.listOf(String.class))
			.orElse(DEFAULT_SIGNALS);
		SuccessorFlag flag = SuccessorFlag.own();
		boolean store = Binder.get(environment)
			.bind(DescriptorStore.PROPERTY, DescriptorStore.class)
			.orElse(DescriptorStore.AUTO)
			.isUsed(unit.descriptorStore());
		return new SystemdParticipant(context, unit, flag, signals.stream().findFirst().orElse(null),
				new StoredListeners(sockets, store));
	}

}
