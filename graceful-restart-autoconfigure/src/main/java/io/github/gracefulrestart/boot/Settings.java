package io.github.gracefulrestart.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.github.gracefulrestart.host.WebServerSettings;
import io.github.gracefulrestart.options.CollisionRules;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.preflight.PreflightSettings;
import io.github.gracefulrestart.process.LaunchSettings;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartSettings.Limit;
import io.github.gracefulrestart.successor.SelfCheck;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Turns checked properties into the settings of the rest of the library.
 */
public final class Settings {

	private static final Duration SPRING_SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

	private Settings() {
	}

	/**
	 * Return the limits of a restart.
	 * @param properties the properties
	 * @param environment contains Spring Boot's own properties
	 * @return the limits
	 */
	public static RestartSettings restart(GracefulRestartProperties properties, Environment environment) {
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
		return new RestartSettings(
				Map.of(Limit.STARTUP_TIMEOUT, properties.getStartupTimeout(), Limit.HANDOVER_TIMEOUT,
						properties.getHandoverTimeout(), Limit.DRAIN_TIMEOUT, drainTimeout, Limit.KEEP_ALIVE_GRACE,
						properties.getKeepAliveGrace(), Limit.PROBATION, properties.getProbation(), Limit.HANG_TIMEOUT,
						properties.getHangTimeout(), Limit.TERMINATION_TIMEOUT, properties.getTerminationTimeout(),
						Limit.SHUTDOWN_TIMEOUT, properties.getShutdownTimeout(), Limit.PARTICIPANT_TIMEOUT,
						properties.getParticipantTimeout()),
				properties.getConnections() == GracefulRestartProperties.Connections.MIGRATE, controlDirectory,
				properties.isKeepJars());
	}

	private static void requireNativeAccess() {
		NativeAccess nativeAccess = NativeAccess.probe();
		if (!nativeAccess.available()) {
			throw new RestartUnavailableException(String.valueOf(nativeAccess.reason()));
		}
	}

	/**
	 * Return how a successor is launched.
	 * @param properties the properties
	 * @return the settings
	 */
	public static LaunchSettings launch(GracefulRestartProperties properties) {
		GracefulRestartProperties.Launch launch = properties.getLaunch();
		return new LaunchSettings(launch.getCommand(), launch.getJavaHome(), launch.getJvmArguments(),
				launch.getEnvironmentFile(),
				new CollisionRules(launch.getCollidingPorts(), launch.getCollidingFiles()));
	}

	/**
	 * Return the settings of the preflight.
	 * @param properties the properties
	 * @param settings the limits of a restart
	 * @return the limits
	 */
	public static PreflightSettings preflight(GracefulRestartProperties properties, RestartSettings settings) {
		GracefulRestartProperties.Preflight preflight = properties.getPreflight();
		return new PreflightSettings(settings.controlDirectory(), preflight.getMemory(),
				preflight.getForeignListeners());
	}

	/**
	 * Return the settings of the checks of a successor on probation.
	 * @param properties the properties
	 * @return the settings
	 */
	public static SelfCheck.Settings selfCheck(GracefulRestartProperties properties) {
		GracefulRestartProperties.HealthCheck check = properties.getHealthCheck();
		return new SelfCheck.Settings(check.getInterval(), check.getTimeout(), check.getFailures());
	}

	/**
	 * Return the settings of the web server.
	 * @param properties the properties
	 * @param generation the generation of this JVM
	 * @return the settings
	 */
	public static WebServerSettings webServer(GracefulRestartProperties properties, int generation) {
		return new WebServerSettings(properties.getWebSocketCloseSpread(), properties.getWebSocketCloseCode(),
				properties.getEventStreams(), properties.getGenerationHeader(), generation);
	}

}
