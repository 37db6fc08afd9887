package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of {@code NAME=value} lines in the form of systemd's {@code EnvironmentFile=}:
 * empty lines and lines that begin with {@code #} or {@code ;} are skipped, and a value
 * may stand in single or double quotes.
 */
final class EnvironmentFile {

	private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

	private EnvironmentFile() {
	}

	static Map<String, String> read(Path file) throws LaunchException {
		Map<String, String> variables = new LinkedHashMap<>();
		int number = 0;
		for (String line : lines(file)) {
			number++;
			String text = line.strip();
			if (text.isEmpty() || text.startsWith("#") || text.startsWith(";")) {
				continue;
			}
			int equals = text.indexOf('=');
			String name = (equals > 0) ? text.substring(0, equals).strip() : "";
			if (!NAME.matcher(name).matches()) {
				throw new LaunchException(
						"line " + number + " of the environment file " + file + " is not of the form NAME=value", null);
			}
			variables.put(name, unquote(text.substring(equals + 1).strip()));
		}
		return variables;
	}

	private static Iterable<String> lines(Path file) throws LaunchException {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new LaunchException("the environment file " + file + " cannot be read: " + ex.getMessage(), ex);
		}
	}

	private static String unquote(String value) {
		boolean quoted = value.length() >= 2 && value.charAt(0) == value.charAt(value.length() - 1)
				&& (value.charAt(0) == '"' || value.charAt(0) == '\'');
		return quoted ? value.substring(1, value.length() - 1) : value;
	}

}
