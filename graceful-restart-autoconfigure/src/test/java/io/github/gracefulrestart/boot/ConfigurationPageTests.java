package io.github.gracefulrestart.boot;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.gracefulrestart.docs.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the table of {@code docs/configuration.md} to the metadata of the properties.
 */
class ConfigurationPageTests {

	private static final String PART = "properties";

	private static final Map<String, String> TYPES = Map.of("java.lang.Boolean", "`true`, `false`", "java.lang.Integer",
			"number", "java.lang.String", "text", "java.time.Duration", "duration", "java.nio.file.Path", "path",
			"java.util.List<java.lang.String>", "list", "java.util.List<java.nio.file.Path>", "list of paths",
			"java.util.Set<java.lang.String>", "list");

	@Test
	void theTableIsThatOfTheMetadata() throws Exception {
		List<PropertyMetadata> properties = PropertyMetadata.all();
		String table = properties.stream()
			.sorted(Comparator.comparing(ConfigurationPageTests::group).thenComparing(PropertyMetadata::name))
			.map(ConfigurationPageTests::row)
			.collect(Collectors.joining("", "| property | value | default | meaning |\n|---|---|---|---|\n", ""));
		assertThat(Page.read("docs/configuration.md").generated(PART))
			.as("docs/configuration.md, between the comments 'begin %s' and 'end %1$s'. Replace what is there by%n%n%s%n",
					PART, table)
			.isEqualTo(table);
	}

	/**
	 * Those of this process first, then what has a prefix of its own.
	 */
	private static String group(PropertyMetadata property) {
		String name = property.name();
		String prefix = name.substring(0, name.lastIndexOf('.'));
		return prefix.equals(GracefulRestartProperties.PREFIX) ? "" : prefix;
	}

	private static String row(PropertyMetadata property) {
		String description = property.description() + meanings(property.hints());
		return "| `%s` | %s | %s | %s |%n".formatted(property.name(), values(property),
				property.defaultText().isEmpty() ? "–" : "`" + property.defaultText() + "`", description);
	}

	private static String values(PropertyMetadata property) {
		String type = TYPES.get(property.type());
		if (type != null) {
			return type;
		}
		try {
			return Arrays.stream(property.rawType().getEnumConstants())
				.map((constant) -> "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
				.collect(Collectors.joining(", "));
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String meanings(Map<String, String> hints) {
		return hints.entrySet()
			.stream()
			.filter((hint) -> !hint.getValue().isEmpty())
			.map((hint) -> "<br>`" + hint.getKey() + "`: " + hint.getValue())
			.collect(Collectors.joining());
	}

}
