package io.github.gracefulrestart.options.launcher;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Options in one text: the content of an argument file, or of an environment variable.
 * Keeps the position of each option, so that one can be changed and the rest of the text
 * stays the same.
 */
public final class OptionText {

	private final String text;

	private final Syntax syntax;

	private final List<Option> options = new ArrayList<>();

	private boolean unmatchedQuote;

	private OptionText(String text, Syntax syntax) {
		this.text = text;
		this.syntax = syntax;
	}

	public static OptionText parse(String text, Syntax syntax) {
		OptionText result = new OptionText(text, syntax);
		switch (syntax) {
			case ARGUMENT_FILE -> new ArgumentFileReader(text, result::add).read();
			case SETTINGS -> new SettingsReader(text, result::add).read();
			case VARIABLE -> result.readWords(true);
			case WORDS -> result.readWords(false);
		}
		return result;
	}

	/**
	 * Whether a character separates options, in the way of {@code isspace} in C.
	 */
	static boolean isSpace(char c) {
		return c == ' ' || (c >= '\t' && c <= '\r');
	}

	private void add(int start, int end, String value) {
		this.options.add(new Option(start, end, value));
	}

	private void readWords(boolean quotes) {
		int position = 0;
		while (position < this.text.length()) {
			position = isSpace(this.text.charAt(position)) ? position + 1 : readWord(position, quotes);
		}
	}

	private int readWord(int start, boolean quotes) {
		StringBuilder value = new StringBuilder();
		char quote = 0;
		int position = start;
		while (position < this.text.length()) {
			char c = this.text.charAt(position);
			if (quote == 0 && isSpace(c)) {
				break;
			}
			if (quote == 0 && quotes && (c == '"' || c == '\'')) {
				quote = c;
			}
			else if (quote != 0 && c == quote) {
				quote = 0;
			}
			else {
				value.append(c);
			}
			position++;
		}
		this.unmatchedQuote |= quote != 0;
		add(start, position, value.toString());
		return position;
	}

	public List<String> values() {
		return this.options.stream().map(Option::value).toList();
	}

	/**
	 * Return whether a quote is not closed although it has to be.
	 * @return whether it has none
	 */
	public boolean hasUnmatchedQuote() {
		return this.unmatchedQuote;
	}

	/**
	 * Return the text with other options.
	 * @param replacements an option for each that there is: the same, another, or
	 * {@code null} to leave it out
	 * @return the text
	 */
	public String with(List<@Nullable String> replacements) {
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
		return switch (this.syntax) {
			case ARGUMENT_FILE -> ArgumentFileReader.quote(value);
			case SETTINGS -> SettingsReader.quote(value);
			case VARIABLE -> needsQuotes(value) ? '"' + value.replace("\"", "\"'\"'\"") + '"' : value;
			case WORDS -> value;
		};
	}

	private static boolean needsQuotes(String value) {
		return value.chars().anyMatch((c) -> isSpace((char) c) || c == '"' || c == '\'');
	}

	/**
	 * How quotes and comments are written.
	 */
	public enum Syntax {

		/**
		 * As the launcher reads a file named with {@code @}.
		 */
		ARGUMENT_FILE,

		/**
		 * As the launcher and the JVM read their environment variables and the file named
		 * with {@code -XX:VMOptionsFile}: no escapes, no comments.
		 */
		VARIABLE,

		/**
		 * As the JVM reads the file named with {@code -XX:Flags}.
		 */
		SETTINGS,

		/**
		 * Words with nothing but space between them, as in one argument of the first line
		 * of a source file that is run as a script.
		 */
		WORDS

	}

	/**
	 * Receives the options that are read.
	 */
	@FunctionalInterface
	interface Sink {

		/**
		 * An option was read.
		 * @param start where it begins
		 * @param end where it has ended
		 * @param value what it says
		 */
		void option(int start, int end, String value);

	}

	private record Option(int start, int end, String value) {

	}

}
