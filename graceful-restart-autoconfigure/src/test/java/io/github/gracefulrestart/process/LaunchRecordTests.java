package io.github.gracefulrestart.process;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LaunchRecordTests {

	private static final List<String> ORIGINAL = List.of("-Ddropped=1", "-Xlog:gc", "-Ddropped=2", "-jar", "app.jar",
			"-Ddropped=1");

	@Test
	void whatWasChangedIsRestored() {
		LaunchRecord record = new LaunchRecord();
		record.arguments(ORIGINAL, Arrays.asList(null, "-Xlog:gc-2", null, "-jar", "app.jar", "-Ddropped=1"));
		record.variable("JAVA_TOOL_OPTIONS", "-Dport=1, 2;\u00e4", "");
		record.variable("SAME", "a", "a");
		LaunchRecord travelled = LaunchRecord.parse(record.toString());
		assertThat(travelled.restoreArguments(List.of("-Xlog:gc-2", "-jar", "app.jar", "-Ddropped=1")))
			.isEqualTo(ORIGINAL);
		Map<String, String> environment = new HashMap<>(Map.of("JAVA_TOOL_OPTIONS", "", "OTHER", "x"));
		travelled.restoreVariables(environment);
		assertThat(environment).containsOnly(Map.entry("JAVA_TOOL_OPTIONS", "-Dport=1, 2;\u00e4"),
				Map.entry("OTHER", "x"));
	}

	@Test
	void whenLastArgumentWasDroppedThenIsRestored() {
		LaunchRecord record = new LaunchRecord();
		record.arguments(List.of("-a", "-b"), Arrays.asList("-a", null));
		assertThat(LaunchRecord.parse(record.toString()).restoreArguments(List.of("-a"))).containsExactly("-a", "-b");
	}

	@Test
	void whenArgumentsAreThoseOfAnotherProcessThenStayAsTheyAre() {
		LaunchRecord record = new LaunchRecord();
		record.arguments(ORIGINAL, Arrays.asList(null, "-Xlog:gc-2", null, "-jar", "app.jar", "-Ddropped=1"));
		record.variable("JAVA_TOOL_OPTIONS", "-Dport=1", "");
		LaunchRecord inherited = LaunchRecord.parse(record.toString());
		List<String> other = List.of("-jar", "other.jar");
		assertThat(inherited.restoreArguments(other)).isEqualTo(other);
		assertThat(inherited.restoreArguments(List.of())).isEmpty();
		Map<String, String> environment = new HashMap<>(Map.of("JAVA_TOOL_OPTIONS", "-Dmine"));
		inherited.restoreVariables(environment);
		assertThat(environment).containsOnly(Map.entry("JAVA_TOOL_OPTIONS", "-Dmine"));
	}

	@Test
	void whenRecordIsNotOursThenNothingHappens() {
		for (String text : new String[] { null, "", "x", ",x,00,00", ",0,zz,-", ",0" }) {
			assertThat(LaunchRecord.parse(text).restoreArguments(ORIGINAL)).as(text).isEqualTo(ORIGINAL);
		}
	}

}
