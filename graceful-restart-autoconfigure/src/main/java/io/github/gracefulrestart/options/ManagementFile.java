package io.github.gracefulrestart.options;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A file with properties for the JMX agent, some of which name ports. The JVM reads it
 * while it starts.
 */
final class ManagementFile {

	static final String OPTION = "-Dcom.sun.management.config.file=";

	private static final Set<String> PORTS = Set.of("com.sun.management.jmxremote.port",
			"com.sun.management.jmxremote.rmi.port", "com.sun.management.jmxremote.local.port");

	/** A comment, or a line with those that a backslash at its end adds to it. */
	private static final Pattern LINE = Pattern.compile(
			"[ \\t\\f]*[#!][^\\r\\n]*(?:\\r\\n|\\r|\\n|$)|(?:[^\\\\\\r\\n]|\\\\(?:\\r\\n|[\\s\\S]|$))*(?:\\r\\n|\\r|\\n|$)");

	private ManagementFile() {
	}

	/**
	 * Return the content of the file with other ports.
	 * @param content what is in it
	 * @param option returns the replacement of the command-line option with the same
	 * meaning
	 */
	static String rewrite(String content, Function<String, @Nullable String> option) {
		StringBuilder result = new StringBuilder();
		Matcher matcher = LINE.matcher(content);
		while (matcher.find() && !matcher.group().isEmpty()) {
			result.append(rewriteLine(matcher.group(), option));
		}
		return result.toString();
	}

	private static String rewriteLine(String line, Function<String, @Nullable String> option) {
		Properties property = read(line);
		for (String name : property.stringPropertyNames()) {
			String value = property.getProperty(name).strip();
			if (PORTS.contains(name) && !value.isEmpty()) {
				String prefix = "-D" + name + "=";
				String replacement = option.apply(prefix + value);
				if (replacement == null) {
					return "";
				}
				return replacement.equals(prefix + value) ? line : replacement.substring("-D".length()) + "\n";
			}
		}
		return line;
	}

	private static Properties read(String line) {
		Properties property = new Properties();
		try {
			property.load(new StringReader(line));
		}
		catch (IllegalArgumentException ex) {
			// The JVM cannot read such a file either
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return property;
	}

}
