package io.github.gracefulrestart.jars;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.gracefulrestart.posix.OpenFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Class loaders that read real jars, which are overwritten, renamed over and removed.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationJarsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	Path directory;

	@TempDir
	Path control;

	private Path jar;

	private Path library;

	@BeforeEach
	void create() throws Exception {
		this.library = jar("library.jar", null, "in library");
		this.jar = jar("application.jar", "library.jar", "in application");
	}

	@Test
	void whenJarIsOverwrittenThenEverythingInItCanStillBeRead(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			assertThat(resource(loader, "library.jar.txt")).isEqualTo("in library");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			assertThat(this.control).isEmptyDirectory();
			jars.check();
			assertThat(output).doesNotContain("overwritten");
			overwrite(this.jar);
			overwrite(this.library);
			jars.check();
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
			assertThat(resource(loader, "library.jar.second.txt")).isEqualTo("in library");
			String said = "2 jars (" + this.jar + ", " + this.library
					+ ") were overwritten in place while this process is using them. This process continues with the "
					+ "copies that it made when it became ready. Replace jars with mv, not with cp";
			assertThat(output).containsOnlyOnce(said);
			jars.check();
			assertThat(output).containsOnlyOnce(said);
		}
	}

	@Test
	void whenJarIsOverwrittenThenTheCopyStandsInBeforeAnybodyAsks(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			overwrite(this.jar);
			await().atMost(PATIENCE).until(() -> readers(this.jar).isEmpty());
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
			jars.check();
			assertThat(output).containsOnlyOnce("The jar " + this.jar + " was overwritten in place");
		}
	}

	@Test
	void whenWhatIsWrittenFirstIsTheSameThenTheCopyStandsInForWhatFollows() throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			try (FileChannel channel = FileChannel.open(this.jar, StandardOpenOption.WRITE)) {
				channel.write(ByteBuffer.wrap(Files.readAllBytes(this.jar), 0, 10));
				await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !readers(this.jar).isEmpty());
				channel.write(ByteBuffer.wrap("something else".getBytes(StandardCharsets.UTF_8)), 20);
			}
			await().atMost(PATIENCE).until(() -> readers(this.jar).isEmpty());
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
		}
	}

	@Test
	void whenAJarCannotBeWatchedThenOthersAre(CapturedOutput output) throws Exception {
		AtomicInteger looks = new AtomicInteger();
		KeptJar first = KeptJar.at(this.jar);
		KeptJar second = KeptJar.at(this.library);
		assertThat(first).isNotNull();
		assertThat(second).isNotNull();
		try (FileChannel channel = FileChannel.open(this.library, StandardOpenOption.READ)) {
			assertThat(channel.isOpen()).isTrue();
			int nobody = 1_000_000;
			Map<KeptJar, List<Integer>> readers = new LinkedHashMap<>();
			readers.put(first, List.of(nobody));
			readers.put(second, List.of(nobody, readers(this.library).get(0)));
			new JarWatch(looks::incrementAndGet).begin(readers);
			assertThat(output).contains("The jar " + this.jar + " is not watched")
				.doesNotContain("The jar " + this.library);
			overwrite(this.library);
			await().atMost(PATIENCE).until(() -> looks.get() > 0);
		}
	}

	@Test
	void whenJarIsOnlyTouchedThenSaysNothing(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			Files.setLastModifiedTime(this.jar, FileTime.from(Instant.EPOCH));
			jars.check();
			assertThat(output).doesNotContain("overwritten");
			overwrite(this.jar);
			jars.check();
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
			assertThat(output).containsOnlyOnce("The jar " + this.jar + " was overwritten in place");
		}
	}

	@Test
	void whenNumberBelongsToSomebodyElseByNowThenItIsLeftAlone() throws Exception {
		Path victim = Files.writeString(this.directory.resolve("victim.txt"), "a file of somebody else");
		KeptJar kept = KeptJar.at(this.jar);
		assertThat(kept).isNotNull();
		try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.READ)) {
			// What was a reader of the jar when the readers were listed
			List<Integer> readers = readers(victim);
			kept.keep(this.control, readers);
			assertThat(kept.isKept()).isTrue();
			assertThat(readers(victim)).isEqualTo(readers);
			overwrite(this.jar);
			assertThat(kept.replaceIfOverwritten()).isTrue();
			assertThat(readers(victim)).isEqualTo(readers);
			assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo((int) Files.size(victim));
		}
	}

	@Test
	void whenKeptAgainThenThereIsOneSetOfCopies() throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			int descriptors = descriptors();
			jars.keep(this.control);
			assertThat(descriptors()).isEqualTo(descriptors);
		}
		assertThat(ApplicationJars.ofThisJvm()).isSameAs(ApplicationJars.ofThisJvm());
	}

	@Test
	void whenClassesAreFilesThenTheyAreLoaded() throws Exception {
		Path directory = Path
			.of(ApplicationJarsTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		try (RecordingLoader loader = new RecordingLoader(directory)) {
			new ClassLoading(loader).loadDirectory(directory);
			assertThat(loader.loaded()).contains(ApplicationJarsTests.class.getName(), RecordingLoader.class.getName())
				.noneMatch((name) -> name.contains("-"));
		}
	}

	@Test
	void whenNoCopyIsKeptThenSaysWhatMayFollow(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			overwrite(this.jar);
			jars.check();
			assertThat(loader.getResourceAsStream("second.txt")).satisfies((stream) -> {
				// What this is all about: either not found, or not readable
				String content = "";
				try {
					content = (stream != null) ? new String(stream.readAllBytes(), StandardCharsets.UTF_8) : "";
				}
				catch (IOException ex) {
					// as expected
				}
				assertThat(content).isNotEqualTo("in application");
			});
			assertThat(output)
				.containsOnlyOnce("The jar " + this.jar + " was overwritten in place while this process is using it, "
						+ "and no copy was kept: this process cannot load classes that it has not read yet, so that "
						+ "requests and an orderly shutdown may fail");
			// Too late for a copy of what it was
			jars.keep(this.control);
			assertThat(this.control).isEmptyDirectory();
		}
	}

	@Test
	void whenJarIsRenamedOverOrRemovedThenSaysNothing(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			assertThat(resource(loader, "library.jar.txt")).isEqualTo("in library");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control);
			Files.move(jar("new.jar", null, "new"), this.jar, StandardCopyOption.ATOMIC_MOVE);
			Files.delete(this.library);
			jars.check();
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
			assertThat(resource(loader, "library.jar.second.txt")).isEqualTo("in library");
			assertThat(output).doesNotContain("overwritten");
		}
	}

	@Test
	void whenThereIsNoRoomThenSaysSoAndGoesOn(CapturedOutput output) throws Exception {
		try (URLClassLoader loader = loader()) {
			assertThat(resource(loader, "first.txt")).isEqualTo("in application");
			ApplicationJars jars = ApplicationJars.of(this.jar.toString());
			jars.keep(this.control.resolve("missing"));
			assertThat(output).contains("No copy of " + this.jar + " (and 1 more) could be kept in ",
					"replace jars with mv");
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
		}
	}

	private static List<Integer> readers(Path path) throws Exception {
		Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
		return OpenFiles.readers().getOrDefault(key, List.of());
	}

	private static int descriptors() {
		return new File("/proc/self/fd").list().length;
	}

	private URLClassLoader loader() throws Exception {
		return new URLClassLoader(new URL[] { this.jar.toUri().toURL() }, null);
	}

	private static String resource(ClassLoader loader, String name) throws Exception {
		try (InputStream stream = loader.getResourceAsStream(name)) {
			return (stream != null) ? new String(stream.readAllBytes(), StandardCharsets.UTF_8) : "not found";
		}
	}

	private void overwrite(Path target) throws Exception {
		Path other = jar("other.jar", null, "a longer text, so that everything lies elsewhere");
		try (OutputStream out = Files.newOutputStream(target)) {
			out.write(new byte[3000]);
			Files.copy(other, out);
		}
		Files.delete(other);
	}

	private Path jar(String name, String classPath, String content) throws Exception {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		if (classPath != null) {
			manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
		}
		Path path = this.directory.resolve(name);
		String prefix = name.equals("library.jar") ? "library.jar." : "";
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(path), manifest)) {
			for (String entry : new String[] { "first.txt", "second.txt", "txt" }) {
				out.putNextEntry(new JarEntry(prefix + entry));
				out.write(content.getBytes(StandardCharsets.UTF_8));
				out.closeEntry();
			}
		}
		return path;
	}

	/** Loads nothing twice. */
	private static final class RecordingLoader extends URLClassLoader {

		private final Set<String> loaded = new HashSet<>();

		RecordingLoader(Path directory) throws Exception {
			super(new URL[] { directory.toUri().toURL() }, ApplicationJarsTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			this.loaded.add(name);
			return super.loadClass(name, resolve);
		}

		Set<String> loaded() {
			return this.loaded;
		}

	}

}
