package io.github.gracefulrestart.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Rejects properties that are out of range or contradict each other, with a message that
 * names the property and what to write instead.
 */
public final class PropertyChecks {

	private static final Duration LONGEST = Duration.ofDays(1);

	/**
	 * With a shorter one, a pause of the garbage collector would look like a hanging
	 * process.
	 */
	private static final Duration SHORTEST_SILENCE = Duration.ofMillis(500);

	/**
	 * Signals with a meaning for the JVM or the system that a restart must not replace.
	 */
	private static final Set<String> RESERVED = Set.of("TERM", "INT", "QUIT", "KILL", "STOP", "SEGV", "BUS", "FPE",
			"ILL", "CHLD", "PIPE", "TSTP", "CONT");

	private static final Set<String> USABLE = Set.of("HUP", "USR1", "USR2", "WINCH", "TTIN", "TTOU", "URG", "IO", "PWR",
			"ALRM", "VTALRM", "PROF");

	private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

	private PropertyChecks() {
	}

	public static void check(GracefulRestartProperties properties, Duration drainTimeout) {
		checkDuration("startup-timeout", properties.getStartupTimeout());
		checkDuration("handover-timeout", properties.getHandoverTimeout());
		checkDuration("drain-timeout", drainTimeout);
		checkDuration("termination-timeout", properties.getTerminationTimeout());
		checkDuration("shutdown-timeout", properties.getShutdownTimeout());
		checkDuration("participant-timeout", properties.getParticipantTimeout());
		if (properties.getProbation().isNegative() || properties.getProbation().compareTo(LONGEST) > 0) {
			throw invalid("probation", properties.getProbation(), "it must be between 0s and 1d, for example 10s");
		}
		if (properties.getHangTimeout().compareTo(SHORTEST_SILENCE) < 0
				|| properties.getHangTimeout().compareTo(LONGEST) > 0) {
			throw invalid("hang-timeout", properties.getHangTimeout(),
					"it must be between 500ms and 1d, for example 5s");
		}
		checkHealthCheck(properties.getHealthCheck(), properties.getProbation());
		checkKeepAliveGrace(properties.getKeepAliveGrace());
		checkWebSocketCloseSpread(properties.getWebSocketCloseSpread(), drainTimeout);
		checkWebSocketCloseCode(properties.getWebSocketCloseCode());
		checkHeader(properties.getGenerationHeader());
		checkSignals(properties.getSignals());
		checkWatchQuietPeriod(properties.getWatchQuietPeriod());
		checkDirectory("control-directory", properties.getControlDirectory());
		checkLaunch(properties.getLaunch());
	}

	private static void checkDuration(String name, Duration value) {
		if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(LONGEST) > 0) {
			throw invalid(name, value, "it must be between 1ms and 1d, for example 30s");
		}
	}

	private static void checkHealthCheck(GracefulRestartProperties.HealthCheck check, Duration probation) {
		checkDuration("health-check.interval", check.getInterval());
		checkDuration("health-check.timeout", check.getTimeout());
		if (check.getFailures() < 1) {
			throw invalid("health-check.failures", check.getFailures(), "it must be 1 or more, for example 2");
		}
		String group = check.getGroup();
		if (group == null) {
			return;
		}
		if (group.isBlank()) {
			throw invalid("health-check.group", group, "it must be the name of a health group, for example readiness");
		}
		Duration least = check.getInterval().multipliedBy(check.getFailures());
		if (least.compareTo(probation) >= 0) {
			throw invalid("health-check.group", group,
					"it could not fail before graceful.restart.probation is over, which is " + probation.toMillis()
							+ "ms; make that longer than graceful.restart.health-check.interval times failures, "
							+ "which is " + least.toMillis() + "ms");
		}
	}

	public static RuntimeException noHealthEndpoint(String group) {
		return invalid("health-check.group", group,
				"this application has no health endpoint; add spring-boot-starter-actuator and leave the endpoint "
						+ "health exposed, or remove this property");
	}

	private static void checkWebSocketCloseSpread(Duration value, Duration drainTimeout) {
		if (value.isNegative() || value.compareTo(drainTimeout) > 0) {
			throw invalid("web-socket-close-spread", value,
					"it must not be negative or longer than graceful.restart.drain-timeout, which is "
							+ drainTimeout.toMillis() + "ms");
		}
	}

	private static void checkWebSocketCloseCode(int value) {
		boolean registered = value == 1001 || value == 1012 || value == 1013;
		if (!registered && (value < 3000 || value > 4999)) {
			throw invalid("web-socket-close-code", value,
					"it must be 1001 (going away), 1012 (service restart), 1013 (try again later) or one from 3000 to "
							+ "4999");
		}
	}

	private static void checkHeader(@Nullable String value) {
		if (value != null && !HEADER.matcher(value).matches()) {
			throw invalid("generation-header", value, "it must be the name of a header, for example X-Generation");
		}
	}

	private static void checkKeepAliveGrace(Duration value) {
		if (value.isNegative()) {
			throw invalid("keep-alive-grace", value,
					"it must not be negative; with 0s idle connections are kept only as long as probation lasts");
		}
	}

	private static void checkWatchQuietPeriod(Duration value) {
		if (value.isNegative() || value.compareTo(LONGEST) > 0) {
			throw invalid("watch-quiet-period", value, "it must be between 0s and 1d, for example 10s");
		}
	}

	static List<String> checkSignals(List<String> signals) {
		Set<String> seen = new HashSet<>();
		return signals.stream().map((signal) -> checkSignal(signal, seen)).toList();
	}

	private static String checkSignal(String signal, Set<String> seen) {
		String name = signal.strip().toUpperCase(Locale.ROOT);
		name = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
		if (RESERVED.contains(name)) {
			throw invalid("signals", signal,
					"SIG" + name + " has another meaning for the JVM or for service managers; use USR2 or HUP");
		}
		if (!USABLE.contains(name)) {
			throw invalid("signals", signal, "there is no such signal; write for example USR2, HUP");
		}
		if (!seen.add(name)) {
			throw invalid("signals", signal, "it is named twice");
		}
		return name;
	}

	private static void checkDirectory(String name, @Nullable Path value) {
		if (value != null && (!Files.isDirectory(value) || !Files.isWritable(value))) {
			throw invalid(name, value, "it must be an existing directory that this user may write to");
		}
	}

	private static void checkLaunch(GracefulRestartProperties.Launch launch) {
		Path javaHome = launch.getJavaHome();
		if (javaHome != null && !Files.isExecutable(javaHome.resolve("bin/java"))) {
			throw invalid("launch.java-home", javaHome, "there is no executable bin/java in it");
		}
		Path environmentFile = launch.getEnvironmentFile();
		if (environmentFile != null && !Files.isReadable(environmentFile)) {
			throw invalid("launch.environment-file", environmentFile, "it must be an existing file that can be read");
		}
		if (!launch.getCommand().isEmpty()) {
			checkCommand(launch);
		}
		for (String argument : launch.getJvmArguments()) {
			if (!argument.startsWith("-") || argument.equals("-jar")) {
				throw invalid("launch.jvm-arguments", argument,
						"each argument must be a JVM option such as -Xmx1g; what is run stays the same");
			}
		}
	}

	private static void checkCommand(GracefulRestartProperties.Launch launch) {
		if (launch.getJavaHome() != null) {
			throw invalid("launch.java-home", launch.getJavaHome(),
					"graceful.restart.launch.command decides which Java is started; remove one of the two");
		}
		if (!launch.getJvmArguments().isEmpty()) {
			throw invalid("launch.jvm-arguments", launch.getJvmArguments(),
					"graceful.restart.launch.command decides which arguments the JVM gets; remove one of the two");
		}
	}

	static RuntimeException invalid(String name, Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(GracefulRestartProperties.PREFIX + "." + name, value,
				reason);
	}

}
