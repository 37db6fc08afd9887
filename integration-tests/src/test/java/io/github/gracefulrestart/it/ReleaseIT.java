package io.github.gracefulrestart.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.ServerProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What lies on disk when the restart is asked for takes effect, and nothing that was
 * given to the first process gets lost on the way.
 */
@Lengthy
class ReleaseIT {

	@Test
	void whenJarOrConfigurationIsReplacedThenSuccessorHasTheNewOne() throws Exception {
		SampleService.Builder builder = SampleService.named("current-jar").jar("current.jar");
		Path directory = builder.directory();
		build(directory.resolve("1.jar"), "one");
		build(directory.resolve("2.jar"), "two");
		point(directory.resolve("current.jar"), "1.jar");
		try (SampleService service = builder.start(); RawHttp kept = service.connect()) {
			assertThat(info(service)).containsEntry("build", "one");
			point(directory.resolve("current.jar"), "2.jar");
			service.restart();
			assertThat(info(service)).containsEntry("build", "two");

			build(directory.resolve("new.jar"), "three");
			Files.move(directory.resolve("new.jar"), directory.resolve("2.jar"), StandardCopyOption.ATOMIC_MOVE);
			// The predecessor goes on with the file that it has open
			assertThat(kept.get("/bytes?n=100000").bytes()).hasSize(100_000);
			assertThat(info(service)).doesNotContainKey("configured");
			Files.writeString(directory.resolve("application.yml"), "info.configured: later\n");
			service.restart();
			assertThat(info(service)).containsEntry("build", "three").containsEntry("configured", "later");
		}
	}

	@Test
	void whenReleaseDirectoryIsSwitchedThenSuccessorStartsInTheNewOne() throws Exception {
		SampleService.Builder builder = SampleService.named("current-directory")
			.workingDirectory("current")
			.jar("app.jar");
		Path directory = builder.directory();
		for (String release : List.of("1", "2")) {
			Path home = Files.createDirectories(directory.resolve("releases").resolve(release));
			build(home.resolve("app.jar"), "build " + release);
			Files.writeString(home.resolve("application.yml"), "info.configured: in " + release + "\n");
		}
		point(directory.resolve("current"), "releases/1");
		try (SampleService service = builder.start()) {
			point(directory.resolve("current"), "releases/2");
			SampleService.Restart restart = service.restart();
			assertThat(info(service)).containsEntry("build", "build 2").containsEntry("configured", "in 2");
			assertThat(Files.readSymbolicLink(Path.of("/proc/" + restart.successor() + "/cwd")))
				.isEqualTo(directory.toRealPath().resolve("releases/2"));
		}
	}

	@Test
	@Tag("exhaustive")
	void whenLaunchIsConfiguredThenItTakesEffectAndNothingPilesUp() throws Exception {
		SampleService.Builder builder = SampleService.named("launch");
		Path directory = builder.directory();
		Path variables = Files.writeString(directory.resolve("variables.env"),
				"FROM_FILE=first\nBOTH=first\nREGION=first\n");
		int port = SampleService.freePort();
		// Through a shell, because this JVM may be unable to pass on what is not ASCII
		Files.write(directory.resolve("start.sh"),
				List.of("exec '" + System.getProperty("java.home") + "/bin/java' "
						+ "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx192m '-XX:SharedArchiveFile="
						+ SampleApplication.get().archive() + "' -Dmünchen=größe -jar '" + SampleApplication.get().jar()
						+ "' --server.port=" + port + " '--info.greeting=grüße, 世界' ''"
						+ " '--graceful.restart.launch.jvm-arguments=-Dinserted=yes,-Dalso.inserted=ja'"
						+ " --graceful.restart.launch.environment-file=variables.env"),
				StandardCharsets.UTF_8);
		builder.port(port)
			.process((ignored) -> ServerProcess.command("/bin/sh", "start.sh")
				.directory(directory)
				.environment("PWD", directory.toString())
				.environment("LC_ALL", "C")
				.environment("REGION", "of the start script")
				.output(directory.resolve("output.log")));
		try (SampleService service = builder.start()) {
			long first = service.pid();
			List<String> original = ProcFs.commandLine(first);
			assertThat(original).contains("--info.greeting=grüße, 世界", "-Dmünchen=größe", "");
			Map<String, String> initial = environment(first);
			assertThat(initial).doesNotContainKey("FROM_FILE").containsEntry("LC_ALL", "C");

			long second = service.restart().successor();
			List<String> withInserted = ProcFs.commandLine(second);
			assertThat(withInserted.get(0)).isEqualTo(original.get(0));
			assertThat(withInserted.subList(1, 3)).containsExactly("-Dinserted=yes", "-Dalso.inserted=ja");
			assertThat(withInserted.subList(3, withInserted.size())).isEqualTo(original.subList(1, original.size()));
			Map<String, String> withFile = environment(second);
			assertThat(withFile).containsEntry("FROM_FILE", "first")
				.containsEntry("BOTH", "first")
				.containsEntry("REGION", "first");

			Files.writeString(variables, "# changed\nBOTH='second'\nNEW=\"second\"\n");
			long third = service.restart().successor();
			assertThat(ProcFs.commandLine(third)).isEqualTo(withInserted);
			assertThat(environment(third)).doesNotContainKey("FROM_FILE")
				.containsEntry("BOTH", "second")
				.containsEntry("NEW", "second")
				.containsEntry("REGION", "of the start script")
				.containsEntry("LC_ALL", "C");
			// One name has come and one has gone, everything else is as before
			assertThat(environment(third)).hasSameSizeAs(withFile)
				.containsKeys(initial.keySet().toArray(String[]::new));
		}
	}

	/** Fails if a name occurs twice. */
	private static Map<String, String> environment(long pid) {
		return ProcFs.environment(pid)
			.stream()
			.collect(Collectors.toMap((entry) -> entry.substring(0, entry.indexOf('=')),
					(entry) -> entry.substring(entry.indexOf('=') + 1)));
	}

	private static Map<String, Object> info(SampleService service) throws Exception {
		return JsonPath.read(service.get("/actuator/info").text(), "$");
	}

	/** The same application with something else inside. */
	private static void build(Path jar, String name) throws IOException {
		Files.copy(SampleApplication.executableJar(), jar);
		try (FileSystem content = FileSystems.newFileSystem(jar)) {
			Files.write(content.getPath("BOOT-INF/classes/application.yml"),
					Set.of("\n---\nmanagement.info.env.enabled: true\ninfo.build: " + name), StandardOpenOption.APPEND);
		}
	}

	private static void point(Path link, String target) throws IOException {
		Path temporary = link.resolveSibling(link.getFileName() + ".new");
		Files.createSymbolicLink(temporary, Path.of(target));
		Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
	}

}
