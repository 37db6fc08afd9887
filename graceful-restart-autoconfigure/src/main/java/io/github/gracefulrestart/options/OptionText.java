package io.github.gracefulrestart.options;

import java.util.ArrayList;
import java.util.List;

/**
 * Options in one text: the content of an argument file, or of an environment variable.
 * Remembers where each option stands, so that one can be changed and everything else
 * stays as it is to the letter.
 */
final class OptionText {

	private final String text;

	private final Syntax syntax;

	private final List<Option> options = new ArrayList<>();

	private OptionText(String text, Syntax syntax) {
		this.text = text;
		this.syntax = syntax;
	}

	static OptionText parse(String text, Syntax syntax) {
		OptionText result = new OptionText(text, syntax);
		int position = 0;
		while (position < text.length()) {
			char c = text.charAt(position);
			if (isSpace(c)) {
				position++;
			}
			else if (result.isComment(c)) {
				position = result.endOfLine(position);
			}
			else {
				position = result.readOption(position);
			}
		}
		return result;
	}

	private static boolean isSpace(char c) {
		return c == ' ' || (c >= '\t' && c <= '\r');
	}

	private boolean isComment(char c) {
		return c == '#' && this.syntax == Syntax.ARGUMENT_FILE;
	}

	private int endOfLine(int position) {
		int end = position;
		while (end < this.text.length() && this.text.charAt(end) != '\n' && this.text.charAt(end) != '\r') {
			end++;
		}
		return end;
	}

	private int readOption(int start) {
		StringBuilder value = new StringBuilder();
		char quote = 0;
		int position = start;
		while (position < this.text.length()) {
			char c = this.text.charAt(position);
			if (quote == 0 && isSpace(c)) {
				break;
			}
			if (quote == 0 && isComment(c)) {
				// The launcher forgets what it has read of this argument
				return endOfLine(position);
			}
			if (quote == 0 && (c == '"' || c == '\'')) {
				quote = c;
			}
			else if (quote != 0 && c == quote) {
				quote = 0;
			}
			else if (quote != 0 && c == '\\' && this.syntax == Syntax.ARGUMENT_FILE) {
				position = readEscape(position, value);
				continue;
			}
			else {
				value.append(c);
			}
			position++;
		}
		this.options.add(new Option(start, position, value.toString()));
		return position;
	}

	private int readEscape(int backslash, StringBuilder value) {
		int position = backslash + 1;
		if (position >= this.text.length()) {
			return position;
		}
		char c = this.text.charAt(position);
		position++;
		switch (c) {
			case 'n' -> value.append('\n');
			case 't' -> value.append('\t');
			case 'r' -> value.append('\r');
			case 'f' -> value.append('\f');
			case '\n', '\r' -> {
				while (position < this.text.length() && isSpace(this.text.charAt(position))) {
					position++;
				}
			}
			default -> value.append(c);
		}
		return position;
	}

	List<String> values() {
		return this.options.stream().map(Option::value).toList();
	}

	/**
	 * Return the text with other options.
	 * @param replacements an option for each that there is: the same, another, or
	 * {@code null} to leave it out
	 */
	String with(List<String> replacements) {
		StringBuilder result = new StringBuilder();
		int position = 0;
		for (int i = 0; i < this.options.size(); i++) {
			Option option = this.options.get(i);
			String replacement = replacements.get(i);
			if (!option.value().equals(replacement)) {
				result.append(this.text, position, option.start());
				result.append((replacement != null) ? quote(replacement) : "");
				position = option.end();
			}
		}
		return result.append(this.text, position, this.text.length()).toString();
	}

	private String quote(String value) {
		if (this.syntax == Syntax.ARGUMENT_FILE) {
			return '"' + value.replace("\\", "\\\\")
				.replace("\"", "\\\"")
				.replace("\n", "\\n")
				.replace("\r", "\\r")
				.replace("\t", "\\t")
				.replace("\f", "\\f") + '"';
		}
		boolean plain = value.chars().noneMatch((c) -> isSpace((char) c) || c == '"' || c == '\'');
		return plain ? value : '"' + value.replace("\"", "\"'\"'\"") + '"';
	}

	/**
	 * How quotes and comments are written.
	 */
	enum Syntax {

		/**
		 * As the launcher reads a file named with {@code @}.
		 */
		ARGUMENT_FILE,

		/**
		 * As the launcher and the JVM read their environment variables and the file named
		 * with {@code -XX:VMOptionsFile}: no escapes, no comments.
		 */
		VARIABLE

	}

	private record Option(int start, int end, String value) {

	}

}
