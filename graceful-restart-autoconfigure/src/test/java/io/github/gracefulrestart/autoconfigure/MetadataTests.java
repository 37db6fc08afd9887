package io.github.gracefulrestart.autoconfigure;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataTests {

	@Test
	void everyPropertyHasADescription() throws Exception {
		List<String> names = new ArrayList<>();
		for (JsonNode property : metadata().get("properties")) {
			String name = property.get("name").asString();
			names.add(name);
			assertThat(property.path("description").asString("")).as(name)
				.hasSizeGreaterThan(20)
				.endsWith(".")
				.doesNotContain("{@", "<")
				.matches((text) -> !text.startsWith("The ") && !text.startsWith("A "), "begins without an article");
			if (property.path("type").asString("").equals("java.lang.Boolean")) {
				assertThat(property.get("description").asString()).as(name).startsWith("Whether ");
			}
		}
		assertThat(names)
			.contains("graceful.restart.enabled", "graceful.restart.drain-timeout",
					"graceful.restart.launch.environment-file")
			.allMatch((name) -> name.startsWith("graceful.restart.") || name.startsWith("management.endpoint.reload."));
	}

	private static JsonNode metadata() throws Exception {
		// There may be several on the class path
		var resources = GracefulRestartProperties.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json");
		while (resources.hasMoreElements()) {
			try (InputStream stream = resources.nextElement().openStream()) {
				JsonNode metadata = JsonMapper.shared().readTree(stream);
				if (metadata.toString().contains("graceful.restart.enabled")) {
					return metadata;
				}
			}
		}
		throw new AssertionError("there is no metadata");
	}

}
