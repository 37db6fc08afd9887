package io.github.gracefulrestart.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of an environment file, read one character after the other by the rules of
 * {@code systemd.exec(5)}: comments begin with {@code #} or {@code ;}, values may be
 * quoted in whole or in part, a backslash escapes the next character, or joins two lines
 * at the end of one. A line without {@code =} or with an invalid name, which systemd
 * ignores, is an error here.
 */
final class EnvironmentText {

	private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

	private static final Pattern EXPORT = Pattern.compile("export\\s+(" + NAME + ")");

	private static final String ESCAPED_IN_QUOTES = "\"\\`$";

	private final String text;

	private final Path file;

	private final Map<String, String> variables = new LinkedHashMap<>();

	private int position;

	private int line = 1;

	EnvironmentText(String text, Path file) {
		this.text = text;
		this.file = file;
	}

	Map<String, String> parse() throws LaunchException {
		while (skipBlanks(true)) {
			char first = this.text.charAt(this.position);
			if (first == '#' || first == ';') {
				skipLine();
			}
			else {
				int start = this.line;
				String name = name(start);
				this.variables.put(name, value());
			}
		}
		return this.variables;
	}

	/**
	 * Skip white space.
	 * @param lines whether the ends of lines are skipped as well
	 * @return whether there is more
	 */
	private boolean skipBlanks(boolean lines) {
		while (this.position < this.text.length() && isBlank(this.text.charAt(this.position), lines)) {
			next();
		}
		return this.position < this.text.length();
	}

	private void skipLine() {
		while (this.position < this.text.length() && !isEndOfLine(next())) {
			// A backslash at the end of a comment belongs to the comment
		}
	}

	private String name(int start) throws LaunchException {
		int end = this.position;
		while (end < this.text.length() && this.text.charAt(end) != '=' && !isEndOfLine(this.text.charAt(end))) {
			end++;
		}
		String name = this.text.substring(this.position, end).strip();
		var export = EXPORT.matcher(name);
		if (export.matches()) {
			throw new LaunchException("line " + start + " of the environment file " + this.file
					+ " begins with export, which only a shell understands; write " + export.group(1)
					+ "=... without it", null);
		}
		if (end == this.text.length() || this.text.charAt(end) != '=' || !NAME.matcher(name).matches()) {
			throw new LaunchException(
					"line " + start + " of the environment file " + this.file + " is not of the form NAME=value", null);
		}
		this.position = end + 1;
		return name;
	}

	/**
	 * Read up to the end of the line, or of the file. Quotes count at the beginning, and
	 * after a part that was quoted.
	 */
	private String value() {
		StringBuilder value = new StringBuilder();
		while (skipBlanks(false) && !isEndOfLine(this.text.charAt(this.position))) {
			char first = this.text.charAt(this.position);
			if (first == '\'' || first == '"') {
				next();
				quoted(first, value);
			}
			else {
				plain(value);
				break;
			}
		}
		if (this.position < this.text.length()) {
			next();
		}
		return value.toString();
	}

	private void quoted(char quote, StringBuilder value) {
		while (this.position < this.text.length()) {
			char character = next();
			if (character == quote) {
				return;
			}
			if (character != '\\' || quote == '\'') {
				value.append(character);
			}
			else if (this.position < this.text.length()) {
				char escaped = next();
				if (!isEndOfLine(escaped)) {
					value.append((ESCAPED_IN_QUOTES.indexOf(escaped) < 0) ? "\\" : "").append(escaped);
				}
			}
		}
	}

	private void plain(StringBuilder value) {
		int end = value.length();
		while (this.position < this.text.length() && !isEndOfLine(this.text.charAt(this.position))) {
			char character = next();
			boolean escaped = character == '\\' && this.position < this.text.length();
			if (escaped) {
				character = next();
			}
			if (!escaped || !isEndOfLine(character)) {
				value.append((character != '\\' || escaped) ? String.valueOf(character) : "");
			}
			if (escaped || !isBlank(character, true)) {
				end = value.length();
			}
		}
		value.setLength(end);
	}

	private char next() {
		char character = this.text.charAt(this.position++);
		if (character == '\n') {
			this.line++;
		}
		return character;
	}

	private static boolean isBlank(char character, boolean lines) {
		return character == ' ' || character == '\t' || (lines && isEndOfLine(character));
	}

	private static boolean isEndOfLine(char character) {
		return character == '\n' || character == '\r';
	}

}
