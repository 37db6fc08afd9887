package io.github.gracefulrestart.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.gracefulrestart.options.LaunchFile.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LaunchFilesTests {

	@TempDir
	Path directory;

	@Test
	void findsTheJarAndAgentsWhereTheSuccessorLooks() {
		assertThat(find(Map.of("CLASSPATH", "ignored"), "-Xmx1g", "-cp", "ignored", "-javaagent:agent.jar=port=1",
				"-agentpath:/x/lib.so=a", "-jar", "app.jar", "-javaagent:application.jar"))
			.containsExactly(file("agent.jar", Role.AGENT),
					new LaunchFile(Path.of("/x/lib.so"), Role.NATIVE_AGENT, true), file("app.jar", Role.JAR));
	}

	@Test
	void findsTheClassPathAndTheModulePath() throws IOException {
		Files.createDirectory(this.directory.resolve("lib"));
		Files.createFile(this.directory.resolve("lib/a.jar"));
		Files.createFile(this.directory.resolve("lib/read.me"));
		LaunchFiles finder = new LaunchFiles(this.directory, StandardCharsets.UTF_8, 17,
				Set.of(this.directory.resolve("known")));
		assertThat(finder.find(List.of("--module-path", "mods", "-cp", "known::lib/*:unknown", "Main"),
				Map.of("CLASSPATH", "ignored")))
			.containsExactly(entry("mods", false), entry("known", true), entry("lib/", false), entry("lib/a.jar", true),
					entry("unknown", false));
		assertThat(find(Map.of("CLASSPATH", "from-variable"), "Main")).containsExactly(entry("from-variable", false));
	}

	@Test
	void readsArgumentFilesAndVariables() throws IOException {
		Files.writeString(this.directory.resolve("args"), "-XX:VMOptionsFile=options -jar 'my app.jar' @not-read");
		assertThat(find(Map.of("JDK_JAVA_OPTIONS", "-javaagent:one.jar", "JAVA_TOOL_OPTIONS", "'-javaagent:t w o.jar'"),
				"@args", "@application"))
			.containsExactlyInAnyOrder(file("one.jar", Role.AGENT), file("t w o.jar", Role.AGENT),
					file("args", Role.ARGUMENTS), file("options", Role.ARGUMENTS), file("my app.jar", Role.JAR));
		assertThat(find(Map.of(), "@missing")).containsExactly(file("missing", Role.ARGUMENTS));
	}

	@Test
	void whenNameIsNotTextThenItCannotBeLookedUp() {
		assertThat(find(Map.of(), "-jar", "\u00e4.jar")).isEmpty();
		assertThat(find(Map.of(), "-jar", "\u00c3\u00a4.jar")).containsExactly(file("\u00e4.jar", Role.JAR));
	}

	private List<LaunchFile> find(Map<String, String> environment, String... arguments) {
		return new LaunchFiles(this.directory, StandardCharsets.UTF_8, 17, Set.of()).find(List.of(arguments),
				environment);
	}

	private LaunchFile file(String name, Role role) {
		return new LaunchFile(this.directory.resolve(name), role, true);
	}

	private LaunchFile entry(String name, boolean required) {
		return new LaunchFile(this.directory.resolve(name), Role.CLASS_PATH, required);
	}

}
