package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.gracefulrestart.LaunchedFiles;
import io.github.gracefulrestart.LaunchedFiles.Change;
import io.github.gracefulrestart.posix.OpenFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ComparisonTests {

	private static final Instant SINCE = Instant.parse("2026-01-02T12:03:00.5Z");

	@TempDir
	Path directory;

	@TempDir
	Path control;

	private Path jar;

	private Path library;

	private List<KeptJar> running;

	@BeforeEach
	void create() throws Exception {
		Files.createDirectories(this.directory.resolve("1/lib"));
		this.library = jar("1/lib/library.jar", "", "one");
		this.jar = jar("1/app-1.0.0.jar", "lib/library.jar", "one");
		this.running = List.of(KeptJar.at(this.jar), KeptJar.at(this.library));
	}

	@Test
	void whenNothingIsTouchedThenIsUnchanged() {
		LaunchedFiles files = compare(this.jar);
		assertThat(files.change()).isEqualTo(Change.UNCHANGED);
		assertThat(files.count()).isEqualTo(2);
		assertThat(files.since()).isEqualTo(SINCE);
		assertThat(files.describe())
			.isEqualTo(this.jar + " and 1 other jars, unchanged since 2026-01-02T12:03:00Z: nothing new on disk");
	}

	/**
	 * Before it is ready, an application has better things to do.
	 */
	@Test
	void whenTheJarsAreNotedThenNoneIsOpened() throws Exception {
		ApplicationJars jars = ApplicationJars.of(this.jar.toString());
		assertThat(ApplicationJars.of(this.jar.toString()).running().count()).isEqualTo(2);
		Files.delete(this.jar);
		assertThat(jars.running().count()).isEqualTo(1);
	}

	@Test
	void whenNothingWasReplacedBeforeTheManifestsAreReadThenIsUnchanged() {
		Instant created = Instant.now();
		await().until(() -> Instant.now().isAfter(created.plusMillis(20)));
		LaunchedFiles files = ApplicationJars.of(this.jar.toString()).compare(List.of(this.jar));
		assertThat(files.change()).isEqualTo(Change.UNCHANGED);
		assertThat(files.count()).isEqualTo(2);
	}

	@Test
	void whenALibraryWasReplacedBeforeTheManifestsAreReadThenNamesIt() throws Exception {
		Path other = jar("1/new", "", "two");
		ApplicationJars jars = ApplicationJars.of(this.jar.toString());
		Files.move(other, this.library, StandardCopyOption.ATOMIC_MOVE);
		assertThat(jars.compare(List.of(this.jar)).changed()).containsExactly(this.library.toString());
	}

	@Test
	void whenALibraryIsReplacedThenNamesIt() throws Exception {
		Files.move(jar("1/new", "", "two"), this.library, StandardCopyOption.ATOMIC_MOVE);
		LaunchedFiles files = compare(this.jar);
		assertThat(files.change()).isEqualTo(Change.CHANGED);
		assertThat(files.changed()).containsExactly(this.library.toString());
		assertThat(files.since()).isAfter(SINCE);
		assertThat(files.describe()).endsWith("app-1.0.0.jar and 1 other jars, new: library.jar");
	}

	@Test
	void whenOverwrittenInPlaceThenIsChanged() throws Exception {
		Files.write(this.jar, Files.readAllBytes(jar("other", "lib/library.jar", "two, and longer")));
		assertThat(compare(this.jar).changed()).containsExactly(this.jar.toString());
	}

	@Test
	void whenTheSameBuildIsPutThereAgainThenSaysSo() throws Exception {
		try (JarFile reader = new JarFile(this.jar.toFile())) {
			assertThat(reader.size()).isPositive();
			Object key = this.running.get(0).key();
			this.running.get(0).keep(this.control, OpenFiles.readers().get(key));
			Path again = Files.copy(this.jar, this.directory.resolve("again"));
			Files.move(again, this.jar, StandardCopyOption.ATOMIC_MOVE);
			LaunchedFiles files = compare(this.jar);
			assertThat(files.change()).isEqualTo(Change.SAME_CONTENT);
			assertThat(files.since()).isEqualTo(SINCE);
			assertThat(files.describe())
				.endsWith("replaced with the same content as since 2026-01-02T12:03:00Z: nothing new on disk");
		}
	}

	@Test
	void whenALinkLeadsToTheNextReleaseThenSaysWhere() throws Exception {
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), Path.of("1"));
		Path named = current.resolve("app-1.0.0.jar");
		assertThat(compare(named).change()).isEqualTo(Change.UNCHANGED);
		Files.createDirectories(this.directory.resolve("2/lib"));
		jar("2/lib/library.jar", "", "two");
		Path next = jar("2/app-1.0.0.jar", "lib/library.jar", "two");
		Files.delete(current);
		Files.createSymbolicLink(current, Path.of("2"));
		LaunchedFiles files = compare(named);
		assertThat(files.change()).isEqualTo(Change.CHANGED);
		assertThat(files.path()).isEqualTo(named.toString());
		assertThat(files.realPath()).isEqualTo(next.toRealPath().toString());
		assertThat(files.changed()).hasSize(2);
	}

	@Test
	void whenALauncherFoundThemInADirectoryThenTheyAreComparedThere() throws Exception {
		assertThat(compare(this.directory).change()).isEqualTo(Change.UNCHANGED);
		Files.move(jar("1/new", "", "two"), this.library, StandardCopyOption.ATOMIC_MOVE);
		assertThat(compare(this.directory).changed()).containsExactly(this.library.toString());
	}

	@Test
	void whenNothingIsNamedThenNothingIsCompared() {
		assertThat(new Comparison(this.running, SINCE).with(List.of())).isNull();
	}

	private LaunchedFiles compare(Path named) {
		LaunchedFiles files = new Comparison(this.running, SINCE).with(List.of(named));
		assertThat(files).isNotNull();
		return files;
	}

	private Path jar(String name, String classPath, String content) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
		manifest.getMainAttributes().putValue("Content", content);
		Path path = this.directory.resolve(name);
		new JarOutputStream(Files.newOutputStream(path), manifest).close();
		return path;
	}

}
