package io.github.gracefulrestart.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of the form {@code --name value}.
 */
final class Options {

	private final Map<String, String> values;

	private Options(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Parse.
	 * @param arguments the arguments
	 * @param known the names of the options that there are
	 * @return the options
	 * @throws IllegalArgumentException with a text for the user
	 */
	static Options parse(List<String> arguments, String... known) {
		Map<String, String> values = new LinkedHashMap<>();
		for (int i = 0; i < arguments.size(); i += 2) {
			String argument = arguments.get(i);
			String name = argument.startsWith("--") ? argument.substring(2) : "";
			if (!List.of(known).contains(name)) {
				throw new IllegalArgumentException(
						"no option " + argument + "; there are --" + String.join(", --", known));
			}
			if (i + 1 == arguments.size()) {
				throw new IllegalArgumentException(argument + " needs a value");
			}
			values.put(name, arguments.get(i + 1));
		}
		return new Options(values);
	}

	String text(String name, String otherwise) {
		return this.values.getOrDefault(name, otherwise);
	}

	int number(String name, int otherwise) {
		String value = this.values.get(name);
		if (value == null) {
			return otherwise;
		}
		try {
			int number = Integer.parseInt(value);
			if (number > 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// as bad as a number that is not positive
		}
		throw new IllegalArgumentException("--" + name + " must be a positive number, not " + value);
	}

}
