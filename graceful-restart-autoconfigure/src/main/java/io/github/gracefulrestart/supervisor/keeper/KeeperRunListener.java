package io.github.gracefulrestart.supervisor.keeper;

import io.github.gracefulrestart.supervisor.Supervision;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Lets a keeper take part in the restarts of an application whose first process must not
 * exit. Elsewhere there is no participant.
 */
class KeeperRunListener implements SpringApplicationRunListener {

	static final String BEAN_NAME = "gracefulRestartKeeper";

	/**
	 * Create a listener, as Spring Boot does.
	 * @param application not used
	 * @param args not used
	 */
	KeeperRunListener(SpringApplication application, String[] args) {
	}

	@Override
	public void contextLoaded(ConfigurableApplicationContext context) {
		Environment environment = context.getEnvironment();
		if (!Supervision.isWanted(environment) || context.containsBean(BEAN_NAME)) {
			return;
		}
		Supervision supervision = Supervision.of(environment);
		if (supervision.kind() == Supervision.Kind.KEEPER) {
			long pid = ProcessHandle.current().pid();
			context.getBeanFactory().registerSingleton(BEAN_NAME, new KeeperParticipant(pid, supervision.keeper()));
		}
	}

}
