package io.github.gracefulrestart.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.SuccessorCheck;
import io.github.gracefulrestart.actuate.GenerationInfoContributor;
import io.github.gracefulrestart.actuate.HealthGroupCheck;
import io.github.gracefulrestart.actuate.ReloadEndpoint;
import io.github.gracefulrestart.actuate.ReloadQueryAdvisor;
import io.github.gracefulrestart.actuate.RestartMetrics;
import io.github.gracefulrestart.engine.Lineage;
import io.github.gracefulrestart.engine.RestartEngine;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.preflight.PreflightSettings;
import io.github.gracefulrestart.process.LaunchSettings;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.successor.SelfCheck;
import io.github.gracefulrestart.tomcat.RestartableProtocolCustomizer;
import io.github.gracefulrestart.tomcat.RestartableTomcatCustomizer;
import io.github.gracefulrestart.tomcat.TomcatSettings;
import io.github.gracefulrestart.trigger.SignalTrigger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for graceful restarts.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ApplicationAvailabilityAutoConfiguration.class)
@ConditionalOnBooleanProperty(GracefulRestartProperties.PREFIX + ".enabled")
@EnableConfigurationProperties(GracefulRestartProperties.class)
public final class GracefulRestartAutoConfiguration {

	private static final Duration SPRING_SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration READY_PATIENCE = Duration.ofMinutes(1);

	@Bean
	Lineage gracefulRestartLineage(ConfigurableApplicationContext context) {
		return ThisJvm.lineage(context);
	}

	@Bean
	Listeners gracefulRestartListeners(Lineage lineage) {
		return new Listeners(lineage.link());
	}

	@Bean
	ListenerHosts gracefulRestartListenerHosts(ApplicationContext context) {
		return new ListenerHosts(() -> ApplicationContexts.obstacles(context));
	}

	@Bean
	RestartSettings gracefulRestartSettings(GracefulRestartProperties properties, Environment environment) {
		Duration drainTimeout = (properties.getDrainTimeout() != null) ? properties.getDrainTimeout()
				: Binder.get(environment)
					.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
					.orElse(SPRING_SHUTDOWN_TIMEOUT);
		PropertyChecks.check(properties, drainTimeout);
		if (properties.isRequired()) {
			requireNativeAccess();
		}
		Path controlDirectory = (properties.getControlDirectory() != null) ? properties.getControlDirectory()
				: Path.of(System.getProperty("java.io.tmpdir"));
		return new RestartSettings(properties.getStartupTimeout(), properties.getHandoverTimeout(), drainTimeout,
				properties.getConnections() == GracefulRestartProperties.Connections.MIGRATE,
				properties.getKeepAliveGrace(), properties.getProbation(), properties.getHangTimeout(),
				properties.getTerminationTimeout(), properties.getShutdownTimeout(), controlDirectory,
				properties.isKeepJars());
	}

	private static void requireNativeAccess() {
		NativeAccess nativeAccess = NativeAccess.probe();
		if (!nativeAccess.available()) {
			throw new RestartUnavailableException(String.valueOf(nativeAccess.reason()));
		}
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	RestartEngine restarter(ObjectProvider<EarlyStart> early, Lineage lineage, Listeners listeners, ListenerHosts hosts,
			GracefulRestartProperties properties, RestartSettings settings, ConfigurableApplicationContext context) {
		EarlyStart start = earlyStart(early);
		GracefulRestartProperties.Launch launch = properties.getLaunch();
		SuccessorLauncher launcher = new SuccessorLauncher(
				new LaunchSettings(launch.getCommand(), launch.getJavaHome(), launch.getJvmArguments(),
						launch.getEnvironmentFile(),
						new CollisionRules(launch.getCollidingPorts(), launch.getCollidingFiles())),
				start.origin(), start.signals()::ignore);
		PreflightSettings preflight = new PreflightSettings(settings.controlDirectory(),
				properties.getPreflight().getMemory(), properties.getPreflight().getForeignListeners());
		return new RestartEngine(lineage, listeners, hosts, launcher, start.jars(), settings, preflight, context);
	}

	@Bean
	SelfCheck gracefulRestartSuccessorWatch(Restarter restarter, ObjectProvider<SuccessorCheck> checks,
			GracefulRestartProperties properties) {
		GracefulRestartProperties.HealthCheck check = properties.getHealthCheck();
		return new SelfCheck(restarter, checks.orderedStream().toList(),
				new SelfCheck.Settings(check.getInterval(), check.getTimeout(), check.getFailures()));
	}

	@Bean
	@ConditionalOnBean(ApplicationAvailability.class)
	AvailabilityCheck gracefulRestartAvailabilityCheck(ApplicationAvailability availability) {
		return new AvailabilityCheck(availability);
	}

	@Bean
	ReadinessListener gracefulRestartReadinessListener(RestartEngine restarter, Lineage lineage,
			GracefulRestartProperties properties, ConfigurableApplicationContext context) {
		// In a successor, while there is still time to say it
		Duration patience = (lineage.link() != null && properties.getStartupTimeout().compareTo(READY_PATIENCE) < 0)
				? properties.getStartupTimeout().dividedBy(2) : READY_PATIENCE;
		return new ReadinessListener(context, restarter, lineage, patience, properties.isRequired());
	}

	@Bean
	StopListener gracefulRestartStopListener(RestartEngine restarter, ConfigurableApplicationContext context) {
		return new StopListener(context, restarter);
	}

	@Bean
	ClosingListener gracefulRestartClosingListener(RestartEngine restarter, ApplicationContext context) {
		return new ClosingListener(context, restarter);
	}

	/**
	 * Without a {@code SpringApplication}, in a test slice for example, nothing was
	 * started early.
	 */
	private static EarlyStart earlyStart(ObjectProvider<EarlyStart> early) {
		return early.getIfAvailable(() -> new EarlyStart(ThisJvm.origin(), ApplicationJars.ofThisJvm(),
				SignalTrigger.install(List.of(), null)));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TomcatWebServerFactory.class)
	static class TomcatConfiguration {

		@Bean
		TomcatSettings gracefulRestartTomcatSettings(GracefulRestartProperties properties, Lineage lineage) {
			return new TomcatSettings(properties.getWebSocketCloseSpread(), properties.getWebSocketCloseCode(),
					properties.getEventStreams(), properties.getGenerationHeader(), lineage.generation());
		}

		@Bean
		RestartableProtocolCustomizer gracefulRestartProtocolCustomizer() {
			return new RestartableProtocolCustomizer();
		}

		@Bean
		RestartableTomcatCustomizer gracefulRestartTomcatCustomizer(Listeners listeners, ListenerHosts hosts,
				TomcatSettings settings) {
			return new RestartableTomcatCustomizer("server", listeners, hosts, settings);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@EnableConfigurationProperties(ReloadEndpointProperties.class)
	static class ActuatorConfiguration {

		private static final String RELOAD_ENDPOINT = "reload";

		@Bean
		@ConditionalOnAvailableEndpoint
		ReloadEndpoint reloadEndpoint(Restarter restarter, ObjectProvider<WebEndpointProperties> web,
				ReloadEndpointProperties reload) {
			WebEndpointProperties properties = web.getIfAvailable(WebEndpointProperties::new);
			return new ReloadEndpoint(restarter,
					properties.getBasePath() + "/"
							+ properties.getPathMapping().getOrDefault(RELOAD_ENDPOINT, RELOAD_ENDPOINT),
					reload.getShowValues(), reload.getRoles());
		}

		/**
		 * Static, and with the endpoint looked up late: whoever finds endpoints needs
		 * their advisors first.
		 */
		@Bean
		@ConditionalOnAvailableEndpoint(endpoint = ReloadEndpoint.class)
		static ReloadQueryAdvisor gracefulRestartReloadQueryAdvisor(ObjectProvider<ReloadEndpoint> endpoint) {
			return new ReloadQueryAdvisor(endpoint::getObject);
		}

		@Bean
		@ConditionalOnClass(InfoContributor.class)
		GenerationInfoContributor gracefulRestartInfoContributor(Restarter restarter) {
			return new GenerationInfoContributor(restarter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(GracefulRestartProperties.PREFIX + ".health-check.group")
	@ConditionalOnClass(HealthEndpoint.class)
	static class HealthCheckConfiguration {

		@Bean
		HealthGroupCheck gracefulRestartHealthGroupCheck(GracefulRestartProperties properties,
				ObjectProvider<HealthEndpoint> health) {
			String group = String.valueOf(properties.getHealthCheck().getGroup());
			HealthEndpoint endpoint = health.getIfAvailable();
			if (endpoint == null) {
				throw PropertyChecks.noHealthEndpoint(group);
			}
			return new HealthGroupCheck(endpoint, group);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(GracefulRestartProperties.PREFIX + ".health-check.group")
	@ConditionalOnMissingClass("org.springframework.boot.health.actuate.endpoint.HealthEndpoint")
	static class NoHealthConfiguration {

		@Bean
		SuccessorCheck gracefulRestartNoHealthCheck(GracefulRestartProperties properties) {
			throw PropertyChecks.noHealthEndpoint(String.valueOf(properties.getHealthCheck().getGroup()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MeterRegistry.class, MeterBinder.class })
	static class MetricsConfiguration {

		@Bean
		RestartMetrics gracefulRestartMetrics(Restarter restarter) {
			return new RestartMetrics(restarter);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MeterRegistry.class, MeterRegistryCustomizer.class })
	static class MeterTagConfiguration {

		@Bean
		@ConditionalOnBooleanProperty(name = GracefulRestartProperties.PREFIX + ".tag-meters", matchIfMissing = true)
		MeterRegistryCustomizer<MeterRegistry> gracefulRestartMeterTag(ObjectProvider<Lineage> lineage) {
			String generation = String.valueOf(lineage.getObject().generation());
			return (registry) -> registry.config().commonTags("generation", generation);
		}

	}

}
