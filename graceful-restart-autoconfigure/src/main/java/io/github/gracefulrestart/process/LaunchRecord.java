package io.github.gracefulrestart.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The changes in the arguments and variables of a JVM, so that its own successor starts
 * again from those that the operator wrote. It is passed in an environment variable.
 */
final class LaunchRecord {

	private static final String ARGUMENTS = "";

	private final List<Change> changes = new ArrayList<>();

	static LaunchRecord parse(@Nullable String text) {
		LaunchRecord record = new LaunchRecord();
		if (text == null || text.isEmpty()) {
			return record;
		}
		try {
			for (String entry : text.split(";")) {
				String[] fields = entry.split(",", -1);
				record.changes.add(new Change(fields[0], Integer.parseInt(fields[1]), decode(fields[2]),
						fields[3].equals("-") ? null : decode(fields[3])));
			}
			return record;
		}
		catch (IllegalArgumentException | ArrayIndexOutOfBoundsException ex) {
			// Not written by this library
			return new LaunchRecord();
		}
	}

	/**
	 * Record how arguments were changed.
	 * @param original what the operator wrote
	 * @param changed as many: the same, another, or {@code null} for none
	 */
	void arguments(List<String> original, List<@Nullable String> changed) {
		for (int i = 0; i < original.size(); i++) {
			if (!original.get(i).equals(changed.get(i))) {
				this.changes.add(new Change(ARGUMENTS, i, original.get(i), changed.get(i)));
			}
		}
	}

	/**
	 * Record how a variable was changed.
	 */
	void variable(String name, String original, String changed) {
		if (!original.equals(changed)) {
			this.changes.add(new Change(name, 0, original, changed));
		}
	}

	/**
	 * Return the arguments that the operator wrote.
	 * @param current the arguments that this JVM was started with
	 */
	List<String> restoreArguments(List<String> current) {
		List<String> result = new ArrayList<>();
		int position = 0;
		for (Change change : this.changes) {
			if (!change.name().equals(ARGUMENTS)) {
				continue;
			}
			while (result.size() < change.index() && position < current.size()) {
				result.add(current.get(position++));
			}
			boolean found = change.changed() == null
					|| (position < current.size() && current.get(position).equals(change.changed()));
			if (result.size() != change.index() || !found) {
				return current;
			}
			result.add(change.original());
			position += (change.changed() != null) ? 1 : 0;
		}
		result.addAll(current.subList(position, current.size()));
		return result;
	}

	/**
	 * Restore the variables that the operator wrote.
	 * @param environment the variables that this JVM was started with
	 */
	void restoreVariables(Map<String, String> environment) {
		for (Change change : this.changes) {
			if (!change.name().equals(ARGUMENTS) && Objects.equals(environment.get(change.name()), change.changed())) {
				environment.put(change.name(), change.original());
			}
		}
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (Change change : this.changes) {
			text.append(text.isEmpty() ? "" : ";")
				.append(change.name())
				.append(',')
				.append(change.index())
				.append(',')
				.append(encode(change.original()))
				.append(',')
				.append((change.changed() != null) ? encode(change.changed()) : "-");
		}
		return text.toString();
	}

	private static String encode(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String decode(String hex) {
		return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
	}

	/**
	 * One change.
	 *
	 * @param name the name of the variable, or empty for an argument
	 * @param index the position among the original arguments
	 * @param original what it was
	 * @param changed what it is, or {@code null} if it was left out
	 */
	private record Change(String name, int index, String original, @Nullable String changed) {

	}

}
