package io.github.gracefulrestart.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * A table that reads well both as it is and in a README.
 */
final class MarkdownTable {

	private final List<List<String>> rows = new ArrayList<>();

	MarkdownTable(List<String> header) {
		this.rows.add(header);
	}

	MarkdownTable(String... header) {
		this(List.of(header));
	}

	void add(List<String> cells) {
		if (cells.size() != this.rows.get(0).size()) {
			throw new IllegalArgumentException(cells.size() + " cells in a table of " + this.rows.get(0).size());
		}
		this.rows.add(List.copyOf(cells));
	}

	void add(String... cells) {
		add(List.of(cells));
	}

	@Override
	public String toString() {
		int columns = this.rows.get(0).size();
		int[] widths = new int[columns];
		this.rows.forEach((row) -> {
			for (int i = 0; i < columns; i++) {
				widths[i] = Math.max(widths[i], Math.max(3, row.get(i).length()));
			}
		});
		StringBuilder text = new StringBuilder();
		for (List<String> row : this.rows) {
			text.append('|');
			for (int i = 0; i < columns; i++) {
				text.append(' ').append(pad(row.get(i), widths[i], i > 0)).append(" |");
			}
			text.append('\n');
			if (row == this.rows.get(0)) {
				text.append('|');
				for (int i = 0; i < columns; i++) {
					text.append("-".repeat(widths[i] + 1)).append((i == 0) ? "-|" : ":|");
				}
				text.append('\n');
			}
		}
		return text.toString();
	}

	private static String pad(String cell, int width, boolean right) {
		String blanks = " ".repeat(width - cell.length());
		return right ? blanks + cell : cell + blanks;
	}

}
