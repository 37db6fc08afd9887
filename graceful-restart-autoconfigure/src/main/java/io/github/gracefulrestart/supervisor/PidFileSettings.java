package io.github.gracefulrestart.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.system.SystemProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The configuration of the pid file.
 *
 * @param path the file, or {@code null} if the configuration names none
 * @param required whether the application does not start if the file cannot be written
 */
record PidFileSettings(@Nullable Path path, boolean required) {

	/**
	 * The name of the property of this starter.
	 */
	static final String PROPERTY = "graceful.restart.pid-file";

	/** The properties of Spring Boot's writer, in the order in which it reads them. */
	private static final List<String> OF_WRITER = List.of("spring.pid.file", "spring.pidfile");

	/** Set for Spring Boot's writer, or by a systemd unit with {@code PIDFile=}. */
	private static final String VARIABLE = "PIDFILE";

	/** Variables of a unit, see systemd.exec(5). */
	private static final List<String> OF_UNIT = List.of("INVOCATION_ID", "NOTIFY_SOCKET");

	/**
	 * Read the configuration.
	 * @param environment the configuration
	 * @param writer whether the application has a writer of its own, whose properties
	 * count as well
	 * @return the settings, or {@code null} if graceful restarts are not enabled
	 */
	static @Nullable PidFileSettings of(Environment environment, boolean writer) {
		if (!Supervision.isWanted(environment)) {
			return null;
		}
		String path = Stream.concat(Stream.of(PROPERTY), writer ? OF_WRITER.stream() : Stream.empty())
			.map(environment::getProperty)
			.filter(StringUtils::hasText)
			.findFirst()
			.orElseGet(() -> writer ? variable(VARIABLE) : null);
		String required = environment.getProperty("spring.pid.fail-on-write-error");
		if (required == null) {
			required = variable("PID_FAIL_ON_WRITE_ERROR");
		}
		return new PidFileSettings((path != null) ? Path.of(path) : null, Boolean.parseBoolean(required));
	}

	/**
	 * Return the file in which systemd looks for the process that is the service when the
	 * main process of the unit has ended.
	 * @param environment the environment of this process
	 * @return the file, or {@code null} if systemd looks for none
	 */
	static @Nullable Path ofUnit(Map<String, String> environment) {
		String path = environment.get(VARIABLE);
		return (StringUtils.hasText(path) && OF_UNIT.stream().anyMatch(environment::containsKey)) ? Path.of(path)
				: null;
	}

	/**
	 * The writer reads these from system properties and from the environment, in upper
	 * and lower case.
	 */
	private static @Nullable String variable(String name) {
		return SystemProperties.get(name, name.toLowerCase(Locale.ROOT));
	}

}
