package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of {@code docs/faults.md}: a row for each point, a column for each fault.
 * What is around them stays as it is.
 */
final class FaultTable {

	private static final String CELLS = "|";

	private static final String FIRST_HEADER = "when it …";

	private final List<String> lines;

	private final Map<String, List<String>> rows = new LinkedHashMap<>();

	private FaultTable(List<String> lines) {
		this.lines = lines;
		for (String line : lines) {
			if (line.startsWith(CELLS)) {
				List<String> cells = new ArrayList<>(Arrays.stream(line.split("\\|", -1)).map(String::strip).toList());
				this.rows.put(cells.get(1), cells);
			}
		}
	}

	static FaultTable read(Path file) throws IOException {
		return new FaultTable(Files.readAllLines(file));
	}

	String get(FaultPoint point, FaultAction action) {
		return row(point.label()).get(column(action));
	}

	void set(FaultPoint point, FaultAction action, String text) {
		row(point.label()).set(column(action), text);
	}

	private int column(FaultAction action) {
		int column = row(FIRST_HEADER).indexOf(action.label());
		if (column < 0) {
			throw new AssertionError("No column '" + action.label() + "'");
		}
		return column;
	}

	private List<String> row(String label) {
		List<String> cells = this.rows.get(label);
		if (cells == null) {
			throw new AssertionError("No row '" + label + "'");
		}
		return cells;
	}

	void write(Path file) throws IOException {
		List<String> written = new ArrayList<>();
		for (String line : this.lines) {
			List<String> cells = line.startsWith(CELLS) ? this.rows.get(line.split("\\|", -1)[1].strip()) : null;
			boolean isRow = cells != null && !line.startsWith("|---");
			written.add(isRow ? String.join(" | ", cells).strip() : line);
		}
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, written);
	}

}
