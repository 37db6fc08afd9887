package io.github.gracefulrestart.options.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.gracefulrestart.options.launcher.LauncherLine.Role;
import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * All options that a JVM is started with, wherever they are written. They are kept
 * together because some depend on others.
 *
 * @param all the options
 * @param files where the files that they name are looked up
 */
public record VmOptions(List<String> all, FileNames files) {

	/**
	 * The environment variables that the JVM reads options from.
	 */
	public static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

	/**
	 * Environment variables that an agent reads instead of system properties.
	 */
	public static final Map<String, String> AGENT_VARIABLES = Map.of("OTEL_METRICS_EXPORTER",
			"-Dotel.metrics.exporter=", "OTEL_EXPORTER_PROMETHEUS_PORT", "-Dotel.exporter.prometheus.port=");

	public static VmOptions of(LauncherLine line, Map<String, String> environment, FileNames files) {
		List<String> all = new ArrayList<>();
		AGENT_VARIABLES.forEach((name, option) -> {
			String value = environment.get(name);
			if (value != null) {
				all.add(option + files.bytes(value));
			}
		});
		addAll(variable(environment, "JAVA_TOOL_OPTIONS", files), files, all);
		addAll(words(line), files, all);
		addAll(variable(environment, "_JAVA_OPTIONS", files), files, all);
		return new VmOptions(List.copyOf(all), files);
	}

	private static List<String> variable(Map<String, String> environment, String name, FileNames files) {
		return OptionText.parse(files.bytes(environment.getOrDefault(name, "")), Syntax.VARIABLE).values();
	}

	private static List<String> words(LauncherLine line) {
		List<String> words = Stream.concat(line.variable().stream(), line.arguments().stream())
			.flatMap((argument) -> argument.words().stream())
			.toList();
		List<String> options = new ArrayList<>();
		for (int i = 0; i < words.size(); i++) {
			if (line.roles().get(i) == Role.OPTION) {
				options.add(words.get(i));
			}
		}
		return options;
	}

	private static void addAll(List<String> options, FileNames files, List<String> all) {
		for (String option : options) {
			all.add(option);
			OptionsFile kind = OptionsFile.of(option);
			OptionText text = (kind != null) ? kind.read(files.resolve(kind.name(option))) : null;
			if (kind != null && text != null) {
				all.addAll(kind.options(text));
			}
		}
	}

	public boolean contains(String option) {
		return this.all.contains(option);
	}

	/**
	 * Return a system property.
	 * @param name its name
	 * @return its value, or {@code null}
	 */
	public @Nullable String property(String name) {
		String prefix = "-D" + name + "=";
		return this.all.stream()
			.filter((option) -> option.startsWith(prefix))
			.reduce((first, second) -> second)
			.map((option) -> option.substring(prefix.length()))
			.orElse(null);
	}

}
