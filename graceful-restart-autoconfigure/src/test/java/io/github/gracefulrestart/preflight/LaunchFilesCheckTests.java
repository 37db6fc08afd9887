package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.options.LaunchFile.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LaunchFilesCheckTests {

	@TempDir
	Path directory;

	@Test
	void whenJarIsWholeThenPasses() throws IOException {
		Path jar = jar("app.jar", "Main", null);
		PreflightResult result = check(jar, Role.JAR);
		assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
		assertThat(result.message()).isEqualTo("the jar " + jar + " exists and is complete");
	}

	@Test
	void whenJarIsTruncatedAnywhereThenIsRefused() throws IOException {
		byte[] whole = Files.readAllBytes(jar("whole.jar", "Main", null));
		for (int length : new int[] { 0, 1, whole.length / 2, whole.length - 22, whole.length - 1 }) {
			Path jar = Files.write(this.directory.resolve("cut-" + length + ".jar"), Arrays.copyOf(whole, length));
			PreflightResult result = check(jar, Role.JAR);
			assertThat(result.verdict()).as("cut to " + length).isEqualTo(Verdict.REFUSED);
			assertThat(result.message()).startsWith("the jar " + jar + " is not a complete archive (")
				.endsWith("): was it copied completely? Copy it again and retry");
		}
	}

	@Test
	void whenJarIsMissingThenIsRefused() {
		Path jar = this.directory.resolve("missing.jar");
		assertThat(check(jar, Role.JAR)).isEqualTo(
				PreflightResult.refused("files", "the jar " + jar + " does not exist; put it in place and try again"));
	}

	@Test
	void whenJarIsADirectoryThenIsRefused() {
		assertThat(check(this.directory, Role.JAR).message())
			.isEqualTo("the jar " + this.directory + " is not a file; put it in place and try again");
	}

	@Test
	void whenJarIsAnotherOneThenIsRefused() throws IOException {
		PreflightResult result = check(jar("library.jar", null, null), Role.JAR);
		assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(result.message()).contains("has no Main-Class in its manifest");
	}

	@Test
	void whenLinkIsSwitchedThenTheNewReleaseIsLookedAt() throws IOException {
		Path good = Files.createDirectory(this.directory.resolve("good"));
		Path bad = Files.createDirectory(this.directory.resolve("bad"));
		jar("good/app.jar", "Main", null);
		Files.writeString(bad.resolve("app.jar"), "half a jar");
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), good);
		assertThat(check(current.resolve("app.jar"), Role.JAR).verdict()).isEqualTo(Verdict.PASSED);
		Files.delete(current);
		Files.createSymbolicLink(current, bad);
		assertThat(check(current.resolve("app.jar"), Role.JAR).verdict()).isEqualTo(Verdict.REFUSED);
	}

	@Test
	void whenManifestNamesALibraryThenItIsLookedAt() throws IOException {
		Path library = jar("lib/a b.jar", null, null);
		Path app = jar("app.jar", "Main", "lib/a%20b.jar lib/missing.jar http://localhost/x.jar");
		PreflightResult warning = check(app, Role.JAR);
		assertThat(warning.verdict()).isEqualTo(Verdict.WARNING);
		assertThat(warning.message()).contains(this.directory.resolve("lib/missing.jar") + " in its manifest");
		Files.write(library, new byte[10]);
		assertThat(LaunchFilesCheck.check(List.of(new LaunchFile(app, Role.JAR, true))))
			.extracting(PreflightResult::verdict)
			.containsExactly(Verdict.REFUSED, Verdict.WARNING);
	}

	@Test
	void whenClassPathEntryIsMissingThenOnlyAKnownOneCounts() {
		Path missing = this.directory.resolve("missing");
		assertThat(check(new LaunchFile(missing, Role.CLASS_PATH, false)).verdict()).isEqualTo(Verdict.PASSED);
		assertThat(check(new LaunchFile(missing, Role.CLASS_PATH, true)).verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(check(new LaunchFile(this.directory, Role.CLASS_PATH, true)).verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenClassPathEntryOrAgentIsNoArchiveThenIsRefused() throws IOException {
		Path text = Files.writeString(this.directory.resolve("text"), "text");
		assertThat(check(text, Role.CLASS_PATH).verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(check(text, Role.AGENT).message())
			.startsWith("the Java agent " + text + " is not a complete archive");
		assertThat(check(text, Role.ARGUMENTS).verdict()).isEqualTo(Verdict.PASSED);
		assertThat(check(text, Role.NATIVE_AGENT).verdict()).isEqualTo(Verdict.PASSED);
	}

	private static PreflightResult check(Path path, Role role) {
		return check(new LaunchFile(path, role, true));
	}

	private static PreflightResult check(LaunchFile file) {
		List<PreflightResult> results = LaunchFilesCheck.check(List.of(file));
		assertThat(results).hasSize(1);
		return results.get(0);
	}

	private Path jar(String name, String mainClass, String classPath) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		if (mainClass != null) {
			manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
		}
		if (classPath != null) {
			manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
		}
		Path path = this.directory.resolve(name);
		Files.createDirectories(path.getParent());
		try (OutputStream file = Files.newOutputStream(path);
				JarOutputStream jar = new JarOutputStream(file, manifest)) {
			for (int i = 0; i < 10; i++) {
				jar.putNextEntry(new ZipEntry("entry-" + i));
				jar.write(("content of " + i).getBytes(StandardCharsets.UTF_8));
			}
		}
		return path;
	}

}
