package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.process.CommandLine;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Prints the requested text instead of starting the application: {@code
 * --graceful.restart.print=systemd-unit}.
 */
class PrintListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	static final String PROPERTY = "graceful.restart.print";

	/** Spring Boot's own listeners have the order of the first plus 10 and 20. */
	private static final int BEHIND_CONFIGURATION = 15;

	static final String UNIT = "systemd-unit";

	/**
	 * Added to the time for closing the context and twice the time for a successor to
	 * exit.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(10);

	@Override
	public int getOrder() {
		// After the listener that reads the configuration, before log lines mix with the
		// output
		return Ordered.HIGHEST_PRECEDENCE + BEHIND_CONFIGURATION;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		String what = environment.getProperty(PROPERTY);
		if (what == null) {
			return;
		}
		if (!what.equals(UNIT)) {
			throw new IllegalArgumentException(
					PROPERTY + "=" + what + " is not known. What can be printed is '" + UNIT + "'");
		}
		byte[] text = unit(environment).text().getBytes(StandardCharsets.ISO_8859_1);
		System.out.write(text, 0, text.length);
		System.out.flush();
		System.exit(0);
	}

	private static SystemdUnit unit(Environment environment) {
		String name = environment.getProperty("spring.application.name", "app").replaceAll("[^A-Za-z0-9_.-]", "-");
		Duration phase = environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class,
				Duration.ofSeconds(30));
		Duration termination = environment.getProperty("graceful.restart.termination-timeout", Duration.class,
				Duration.ofSeconds(10));
		return new SystemdUnit(name, System.getProperty("user.name"), Path.of("").toAbsolutePath(), command(),
				phase.plus(termination.multipliedBy(2)).plus(MARGIN));
	}

	private static List<String> command() {
		try {
			List<String> command = new ArrayList<>();
			command.add(Path.of("/proc/self/exe").toRealPath().toString());
			command.addAll(CommandLine.own().arguments());
			command.removeIf((argument) -> argument.contains(PROPERTY + "="));
			return command;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The command line of this process cannot be read", ex);
		}
	}

}
