package io.github.gracefulrestart.actuate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of the endpoint {@code reload}, in a query or in a body. A request with
 * an unknown parameter is refused, because it may have been meant as a dry run.
 *
 * @param waits whether to wait for the outcome
 * @param dryRun whether nothing is to be replaced
 * @param boot whether a dry run launches a successor
 */
record ReloadParameters(boolean waits, boolean dryRun, boolean boot) {

	static final String ALLOWED = "wait, dry-run and boot, each true or false";

	private static final String WAIT = "wait";

	private static final String DRY_RUN = "dry-run";

	private static final String BOOT = "boot";

	/** The names in a query, by the names in a body. */
	private static final Map<String, String> NAMES = Map.of(WAIT, WAIT, DRY_RUN, DRY_RUN, "dryRun", DRY_RUN, BOOT,
			BOOT);

	/** The value of a query parameter without a value; WebFlux uses {@code null}. */
	private static final String SWITCH = "";

	/** The values that Spring reads as booleans. */
	private static final Set<String> TRUE = Set.of("true", "on", "yes", "1", SWITCH);

	private static final Set<String> FALSE = Set.of("false", "off", "no", "0");

	/**
	 * Read the arguments of an operation.
	 * @param arguments the parameters of the query and the properties of the body
	 * @param body whether there is a body: {@code null} in a body is refused, while in a
	 * query it is a parameter without a value, as WebFlux represents it
	 * @return the parsed parameters
	 * @throws IllegalArgumentException if one is not known, has no boolean value, or
	 * contradicts another one
	 */
	static ReloadParameters of(Map<String, Object> arguments, boolean body) {
		Map<String, Boolean> values = new LinkedHashMap<>();
		arguments.forEach((name, value) -> {
			String known = NAMES.get(name);
			if (known == null) {
				throw new IllegalArgumentException("there is no parameter \"" + name + "\"");
			}
			if (value == null && body) {
				throw new IllegalArgumentException("\"" + name + "\" cannot be null");
			}
			boolean read = read(name, value);
			Boolean other = values.put(known, read);
			if (other != null && other != read) {
				throw new IllegalArgumentException("\"" + name + "\" is given twice, with different values");
			}
		});
		return new ReloadParameters(values.getOrDefault(WAIT, false), values.getOrDefault(DRY_RUN, false),
				values.getOrDefault(BOOT, false));
	}

	private static boolean read(String name, @Nullable Object value) {
		String text = Objects.toString(value, SWITCH).strip().toLowerCase(Locale.ROOT);
		if (!TRUE.contains(text) && !FALSE.contains(text)) {
			throw new IllegalArgumentException("\"" + name + "\" cannot be \"" + value + "\"");
		}
		return TRUE.contains(text);
	}

}
