package io.github.gracefulrestart.options.launcher;

import io.github.gracefulrestart.options.launcher.OptionText.Sink;

/**
 * Reads a file with arguments exactly as the launcher does, oddities included: the end of
 * a line ends an argument even within quotes; quoted text before a comment belongs to the
 * argument after the comment; the last argument of the file is ignored if it is empty or
 * ends with an escape; and a comment that begins at the end of a buffer does not discard
 * the text before it in the buffer.
 */
final class ArgumentFileReader {

	/** The size of the launcher's buffer. */
	private static final int PIECE = 4096;

	private static final String SPACE = " \t\f\n\r";

	private final String text;

	private final Sink sink;

	/** The part of the argument that a comment does not discard. */
	private final StringBuilder kept = new StringBuilder();

	/** The part of the argument that a comment discards. */
	private final StringBuilder current = new StringBuilder();

	private boolean keeps;

	private int start = -1;

	private State state = State.BETWEEN;

	private char quote;

	ArgumentFileReader(String text, Sink sink) {
		this.text = text;
		this.sink = sink;
	}

	void read() {
		for (int i = 0; i < this.text.length(); i++) {
			if (i > 0 && i % PIECE == 0) {
				endOfPiece();
			}
			read(i, this.text.charAt(i));
		}
		endOfPiece();
		if (this.keeps && isArgument()) {
			end(this.text.length());
		}
	}

	private boolean isArgument() {
		return this.state == State.PLAIN || this.state == State.QUOTED;
	}

	private void endOfPiece() {
		if (isArgument() && !this.current.isEmpty()) {
			keep();
		}
	}

	private void read(int position, char c) {
		switch (this.state) {
			case BETWEEN, CONTINUED -> {
				if (SPACE.indexOf(c) < 0) {
					boolean between = this.state == State.BETWEEN;
					this.start = (between && !this.keeps) ? position : this.start;
					this.state = between ? State.PLAIN : State.QUOTED;
					readArgument(position, c);
				}
			}
			case COMMENT -> {
				boolean ends = c == '\n' || c == '\r';
				this.state = ends ? State.BETWEEN : State.COMMENT;
			}
			case ESCAPED -> readEscaped(c);
			case PLAIN, QUOTED -> readArgument(position, c);
		}
	}

	private void readEscaped(char c) {
		if (c == '\n' || c == '\r') {
			this.state = State.CONTINUED;
			return;
		}
		char escaped = switch (c) {
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'f' -> '\f';
			default -> c;
		};
		this.kept.append(escaped);
		this.state = State.QUOTED;
	}

	private void readArgument(int position, char c) {
		boolean quoted = this.state == State.QUOTED;
		if (c == '\n' || c == '\r' || (!quoted && SPACE.indexOf(c) >= 0)) {
			end(position);
			this.state = State.BETWEEN;
		}
		else if (c == '#' && !quoted) {
			this.current.setLength(0);
			this.state = State.COMMENT;
		}
		else if (c == '\\' && quoted) {
			keep();
			this.state = State.ESCAPED;
		}
		else if ((c == '"' || c == '\'') && (!quoted || c == this.quote)) {
			endOfPiece();
			this.quote = c;
			this.state = quoted ? State.PLAIN : State.QUOTED;
		}
		else {
			this.current.append(c);
		}
	}

	private void keep() {
		this.kept.append(this.current);
		this.current.setLength(0);
		this.keeps = true;
	}

	private void end(int position) {
		this.sink.option(this.start, position, this.kept.append(this.current).toString());
		this.kept.setLength(0);
		this.current.setLength(0);
		this.keeps = false;
	}

	static String quote(String value) {
		return '"' + value.replace("\\", "\\\\")
			.replace("\"", "\\\"")
			.replace("\n", "\\n")
			.replace("\r", "\\r")
			.replace("\t", "\\t")
			.replace("\f", "\\f") + '"';
	}

	private enum State {

		BETWEEN, PLAIN, QUOTED, ESCAPED, CONTINUED, COMMENT

	}

}
