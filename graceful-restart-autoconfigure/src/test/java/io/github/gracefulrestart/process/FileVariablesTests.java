package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An environment that goes from generation to generation, while its file changes.
 */
class FileVariablesTests {

	private static final Map<String, String> INHERITED = Map.of("REGION", "gr\u00fcn, \u4e16=1", "HOME", "/root");

	@TempDir
	private Path directory;

	private final Map<String, String> environment = new HashMap<>(INHERITED);

	private void renew(String content) throws IOException, LaunchException {
		FileVariables.renew(this.environment, Files.writeString(this.directory.resolve("variables"), content));
	}

	private Map<String, String> variables() {
		Map<String, String> variables = new HashMap<>(this.environment);
		variables.remove(LaunchContract.FILE_VARIABLES);
		return variables;
	}

	@Test
	void whenAVariableIsTakenOutOfTheFileThenTheInheritedOneComesBack() throws Exception {
		renew("REGION=blue\nNEW=1\n");
		assertThat(variables()).containsOnly(Map.entry("REGION", "blue"), Map.entry("NEW", "1"),
				Map.entry("HOME", "/root"));
		renew("REGION=red\n");
		assertThat(variables()).containsOnly(Map.entry("REGION", "red"), Map.entry("HOME", "/root"));
		renew("OTHER=2\n");
		assertThat(variables()).containsOnly(Map.entry("REGION", INHERITED.get("REGION")), Map.entry("OTHER", "2"),
				Map.entry("HOME", "/root"));
	}

	@Test
	void whenThereIsNoFileAnyMoreThenAllIsAsItWas() throws Exception {
		renew("REGION=blue\nNEW=1\n");
		FileVariables.renew(this.environment, null);
		assertThat(this.environment).isEqualTo(INHERITED);
	}

}
