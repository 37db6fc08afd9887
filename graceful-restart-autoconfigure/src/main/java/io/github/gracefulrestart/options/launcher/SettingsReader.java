package io.github.gracefulrestart.options.launcher;

import io.github.gracefulrestart.options.launcher.OptionText.Sink;

/**
 * Reads a file with flags as the JVM does: comments are recognized only between flags, a
 * quote only after the first character of a flag, and the end of a line closes a quote.
 */
final class SettingsReader {

	private final String text;

	private final Sink sink;

	SettingsReader(String text, Sink sink) {
		this.text = text;
		this.sink = sink;
	}

	void read() {
		int position = 0;
		while (position < this.text.length()) {
			char c = this.text.charAt(position);
			if (OptionText.isSpace(c)) {
				position++;
			}
			else if (c == '#') {
				int end = this.text.indexOf('\n', position);
				position = (end < 0) ? this.text.length() : end;
			}
			else {
				position = readFlag(position);
			}
		}
	}

	private int readFlag(int start) {
		StringBuilder value = new StringBuilder();
		value.append(this.text.charAt(start));
		char quote = 0;
		int position = start + 1;
		for (; position < this.text.length(); position++) {
			char c = this.text.charAt(position);
			if (c == '\n' || (quote == 0 && OptionText.isSpace(c))) {
				break;
			}
			if (quote == 0 && (c == '"' || c == '\'')) {
				quote = c;
			}
			else if (c == quote) {
				quote = 0;
			}
			else {
				value.append(c);
			}
		}
		this.sink.option(start, position, value.toString());
		return position;
	}

	static String quote(String flag) {
		boolean plain = flag.chars().noneMatch((c) -> OptionText.isSpace((char) c) || c == '"' || c == '\'');
		return plain ? flag : flag.charAt(0) + "\"" + flag.substring(1).replace("\"", "\"'\"'\"") + '"';
	}

}
