package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Class loaders that read real jars, which are overwritten, renamed over and removed.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationJarsTests {

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
			assertThat(output)
				.containsOnlyOnce("The jar " + this.jar + " was overwritten in place while this process runs from it. "
						+ "This process goes on with the copy")
				.containsOnlyOnce("The jar " + this.library + " was overwritten in place")
				.contains("Replace a jar with mv, not with cp");
			jars.check();
			assertThat(output).containsOnlyOnce("The jar " + this.jar);
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
				.containsOnlyOnce("The jar " + this.jar + " was overwritten in place while this process runs from it, "
						+ "and no copy was kept: classes that have not been read yet are lost to this process, so that "
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
			assertThat(output).contains("No copy of " + this.jar + " could be kept in ", "replace it with mv");
			assertThat(resource(loader, "second.txt")).isEqualTo("in application");
		}
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

}
