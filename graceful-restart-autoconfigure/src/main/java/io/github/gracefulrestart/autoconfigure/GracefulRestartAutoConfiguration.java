package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.PreflightCheck;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.SuccessorCheck;
import io.github.gracefulrestart.boot.ApplicationContexts;
import io.github.gracefulrestart.boot.AvailabilityCheck;
import io.github.gracefulrestart.boot.ClosingListener;
import io.github.gracefulrestart.boot.EarlyStart;
import io.github.gracefulrestart.boot.GracefulRestartProperties;
import io.github.gracefulrestart.boot.ReadinessListener;
import io.github.gracefulrestart.boot.Settings;
import io.github.gracefulrestart.boot.StopListener;
import io.github.gracefulrestart.boot.ThisJvm;
import io.github.gracefulrestart.engine.EngineParts;
import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.HeldListeners;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.successor.SelfCheck;
import io.github.gracefulrestart.trigger.WatchTrigger;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for graceful restarts, whatever the web server. Backs off if the
 * application has a {@link Restarter} of its own.
 */
@AutoConfiguration(after = ApplicationAvailabilityAutoConfiguration.class)
@ConditionalOnBooleanProperty(GracefulRestartProperties.PREFIX + ".enabled")
@ConditionalOnMissingBean(value = Restarter.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(GracefulRestartProperties.class)
public final class GracefulRestartAutoConfiguration {

	@Bean
	Lineage gracefulRestartLineage(ConfigurableApplicationContext context) {
		return ThisJvm.lineage(context);
	}

	@Bean
	Listeners gracefulRestartListeners(Lineage lineage, ObjectProvider<HeldListeners> held) {
		return new Listeners(lineage.listeners(), lineage.listeners() == null,
				held.getIfAvailable(() -> HeldListeners.NONE));
	}

	@Bean
	ListenerHosts gracefulRestartListenerHosts(ApplicationContext context) {
		return new ListenerHosts(() -> ApplicationContexts.obstacles(context));
	}

	@Bean
	RestartSettings gracefulRestartSettings(GracefulRestartProperties properties, Environment environment) {
		return Settings.restart(properties, environment);
	}

	@Bean
	SuccessorLauncher gracefulRestartSuccessorLauncher(GracefulRestartProperties properties,
			ObjectProvider<EarlyStart> early) {
		EarlyStart start = EarlyStart.of(early);
		return new SuccessorLauncher(Settings.launch(properties), start.origin(), start.signals()::ignore);
	}

	@Bean
	Preflight gracefulRestartPreflight(GracefulRestartProperties properties, RestartSettings settings,
			SuccessorLauncher launcher, ListenerHosts hosts, ObjectProvider<PreflightCheck> contributed) {
		return Preflight.of(Settings.preflight(properties, settings), launcher, hosts::check, hosts::addresses,
				() -> contributed.orderedStream().toList());
	}

	@Bean
	RestartEngine gracefulRestartEngine(Lineage lineage, RestartSettings settings, Listeners listeners,
			ListenerHosts hosts, SuccessorLauncher launcher, Preflight preflight, ObjectProvider<EarlyStart> early,
			GracefulRestartProperties properties, ConfigurableApplicationContext context) {
		return new RestartEngine(lineage,
				new EngineParts(settings, listeners, hosts, launcher, EarlyStart.of(early).jars(), preflight), context);
	}

	@Bean
	Restarter gracefulRestarter(RestartEngine engine) {
		return engine.restarter();
	}

	@Bean(destroyMethod = "stop")
	WatchTrigger gracefulRestartWatchTrigger(Restarter restarter, ObjectProvider<EarlyStart> early,
			GracefulRestartProperties properties) {
		WatchTrigger trigger = EarlyStart.of(early).watch();
		trigger.start(restarter, properties.getWatchQuietPeriod());
		return trigger;
	}

	@Bean
	SelfCheck gracefulRestartSelfCheck(Restarter restarter, ObjectProvider<SuccessorCheck> checks,
			GracefulRestartProperties properties) {
		return new SelfCheck(restarter, checks.orderedStream().toList(), Settings.selfCheck(properties));
	}

	@Bean
	@ConditionalOnBean(ApplicationAvailability.class)
	AvailabilityCheck gracefulRestartAvailabilityCheck(ApplicationAvailability availability) {
		return new AvailabilityCheck(availability);
	}

	@Bean
	ReadinessListener gracefulRestartReadinessListener(RestartEngine engine, Lineage lineage,
			GracefulRestartProperties properties, ConfigurableApplicationContext context) {
		return new ReadinessListener(context, engine, lineage, properties);
	}

	@Bean
	StopListener gracefulRestartStopListener(RestartEngine engine, ConfigurableApplicationContext context) {
		return new StopListener(context, engine);
	}

	@Bean
	ClosingListener gracefulRestartClosingListener(RestartEngine engine, ApplicationContext context) {
		return new ClosingListener(context, engine);
	}

}
