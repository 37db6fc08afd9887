package io.github.gracefulrestart.boot;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the metadata of the properties says, for tests.
 *
 * @param name the name of the property
 * @param type its type
 * @param defaultValue its default, as the metadata has it
 * @param description its description
 * @param hints values to choose from, each with what it means
 */
record PropertyMetadata(String name, String type, JsonNode defaultValue, String description,
		Map<String, String> hints) {

	static List<PropertyMetadata> all() throws IOException {
		JsonNode metadata = metadata();
		Map<String, Map<String, String>> hints = new TreeMap<>();
		for (JsonNode hint : metadata.path("hints")) {
			Map<String, String> values = hints.computeIfAbsent(hint.get("name").asString(),
					(name) -> new LinkedHashMap<>());
			for (JsonNode value : hint.path("values")) {
				values.put(value.get("value").asString(), value.path("description").asString(""));
			}
		}
		List<PropertyMetadata> properties = new ArrayList<>();
		for (JsonNode property : metadata.get("properties")) {
			String name = property.get("name").asString();
			properties.add(new PropertyMetadata(name, property.path("type").asString(""), property.path("defaultValue"),
					property.path("description").asString(""), hints.getOrDefault(name, Map.of())));
		}
		return properties;
	}

	private static JsonNode metadata() throws IOException {
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

	/**
	 * Return the default as it is written in a properties file, or nothing.
	 */
	String defaultText() {
		if (this.defaultValue.isArray()) {
			List<String> values = new ArrayList<>();
			this.defaultValue.forEach((value) -> values.add(value.asString()));
			return String.join(",", values);
		}
		return this.defaultValue.asString("");
	}

	/**
	 * Return the type without its parameters.
	 * @throws ClassNotFoundException if there is no such class
	 */
	Class<?> rawType() throws ClassNotFoundException {
		return Class.forName(this.type.replaceAll("<.*", ""));
	}

}
