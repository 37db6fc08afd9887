package io.github.gracefulrestart.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataTests {

	private static final String DURATION = "java.time.Duration";

	@Test
	void everyPropertyHasADescription() throws Exception {
		List<PropertyMetadata> properties = PropertyMetadata.all();
		for (PropertyMetadata property : properties) {
			assertThat(property.description()).as(property.name())
				.hasSizeGreaterThan(20)
				.endsWith(".")
				.doesNotContain("{@", "<", "|")
				.matches((text) -> !text.startsWith("The ") && !text.startsWith("A "), "begins without an article");
			if (property.type().equals("java.lang.Boolean")) {
				assertThat(property.description()).as(property.name()).startsWith("Whether ");
			}
		}
		assertThat(properties).extracting(PropertyMetadata::name)
			.contains("graceful.restart.enabled", "graceful.restart.drain-timeout",
					"graceful.restart.launch.environment-file")
			.allMatch((name) -> name.startsWith("graceful.restart.") || name.startsWith("management.endpoint.reload."));
	}

	@Test
	void everyValueOfAnEnumHasAHint() throws Exception {
		for (PropertyMetadata property : PropertyMetadata.all()) {
			if (property.type().startsWith("io.github.") && property.rawType().isEnum()) {
				assertThat(property.hints()).as(property.name())
					.containsOnlyKeys(Arrays.stream(property.rawType().getEnumConstants())
						.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
						.toList())
					.allSatisfy((value, description) -> assertThat(description).endsWith("."));
			}
		}
	}

	@Test
	void everyDefaultIsThatOfTheClass() throws Exception {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (PropertyMetadata property : PropertyMetadata.all()) {
			if (!property.defaultText().isEmpty() && property.name().startsWith(GracefulRestartProperties.PREFIX)) {
				source.put(property.name(), property.defaultText());
			}
		}
		GracefulRestartProperties bound = new Binder(source)
			.bind(GracefulRestartProperties.PREFIX, Bindable.of(GracefulRestartProperties.class))
			.get();
		assertThat(bound).usingRecursiveComparison().isEqualTo(new GracefulRestartProperties());
	}

	@Test
	void everyDefaultOfADurationHasItsUnit() throws Exception {
		assertThat(PropertyMetadata.all()).filteredOn((property) -> property.type().equals(DURATION))
			.isNotEmpty()
			.extracting(PropertyMetadata::defaultText)
			.allMatch((text) -> text.matches("|[0-9]+(ms|s|m|h|d)"), "has a unit");
	}

}
