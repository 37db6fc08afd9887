package io.github.gracefulrestart.actuate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.gracefulrestart.docs.Page;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the table of {@code docs/observability.md} to the meters.
 */
class ObservabilityPageTests {

	private static final String PART = "meters";

	@Test
	void theTableIsThatOfTheMeters() throws Exception {
		String table = Arrays.stream(RestartMeter.values())
			.map(ObservabilityPageTests::row)
			.collect(Collectors.joining("", "| meter | type | tags | meaning |\n|---|---|---|---|\n", ""));
		assertThat(Page.read("docs/observability.md").generated(PART))
			.as("docs/observability.md, between the comments 'begin %s' and 'end %1$s'. Replace what is there by%n%n%s%n",
					PART, table)
			.isEqualTo(table);
	}

	private static String row(RestartMeter meter) {
		return "| `%s` | %s | %s | %s |%n".formatted(meter.meterName(), meter.type().name().toLowerCase(Locale.ROOT),
				meter.tags().stream().map((tag) -> "`" + tag + "`").collect(Collectors.joining(", ")),
				meter.description());
	}

}
