package io.github.gracefulrestart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.gracefulrestart.docs.Page;

/**
 * The packages as {@code docs/architecture.md} lists them, with what each may use: what
 * is written there is what {@link ArchitectureTests} holds.
 */
final class Parts {

	private static final String ROOT = "io.github.gracefulrestart";

	private static final String API = "api";

	private static final Pattern ROW = Pattern.compile("^\\| `([a-z.]+)` \\|.*\\| ([^|]+) \\|$");

	private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

	private Parts() {
	}

	static List<Part> documented() {
		List<List<String>> rows = page().lines()
			.dropWhile((line) -> !line.startsWith("| package |"))
			.takeWhile((line) -> line.startsWith("|"))
			.map(ROW::matcher)
			.filter((row) -> row.matches())
			.map((row) -> List.of(row.group(1), row.group(2)))
			.toList();
		List<String> names = rows.stream().map((row) -> row.get(0)).toList();
		List<Part> parts = new ArrayList<>();
		for (List<String> row : rows) {
			Stream<String> mayUse = row.get(1).equals("everything")
					? names.stream().filter((name) -> !name.equals(row.get(0)))
					: NAME.matcher(row.get(1)).results().map((result) -> result.group(1)).filter(names::contains);
			parts.add(new Part(row.get(0), mayUse.toList()));
		}
		if (parts.isEmpty()) {
			throw new IllegalStateException("docs/architecture.md lists no packages");
		}
		return parts;
	}

	static String page() {
		try {
			return Page.read("docs/architecture.md").text();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A package.
	 *
	 * @param name its name, {@code api} for the root
	 * @param mayUse the names of those that it may use
	 */
	record Part(String name, List<String> mayUse) {

		String packages() {
			return this.name.equals(API) ? ROOT : ROOT + "." + this.name + "..";
		}

	}

}
