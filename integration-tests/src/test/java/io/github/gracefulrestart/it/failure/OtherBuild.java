package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import io.github.gracefulrestart.it.SampleApplication;

/**
 * The same jar once more, with everything in another place of the file. That of an
 * application calls itself build two.
 */
final class OtherBuild {

	private static final String PADDING = "padding";

	private OtherBuild() {
	}

	/**
	 * Extract a jar as {@code unzip} does.
	 * @param below what to extract, the beginning of a name
	 */
	static void unpack(Path jar, String below, Path directory) throws IOException {
		try (ZipFile from = new ZipFile(jar.toFile())) {
			Enumeration<? extends ZipEntry> entries = from.entries();
			while (entries.hasMoreElements()) {
				ZipEntry entry = entries.nextElement();
				if (!entry.isDirectory() && entry.getName().startsWith(below)) {
					Path target = directory.resolve(entry.getName());
					Files.createDirectories(target.getParent());
					try (InputStream content = from.getInputStream(entry)) {
						Files.copy(content, target);
					}
				}
			}
		}
	}

	/**
	 * Copy the other build of the sample application, which is made once for all tests.
	 */
	static void ofApplication(Path target) throws IOException {
		Files.copy(Application.JAR, target);
	}

	static void of(Path jar, Path target) throws IOException {
		try (ZipFile from = new ZipFile(jar.toFile());
				ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(target))) {
			to.setLevel(Deflater.BEST_SPEED);
			to.putNextEntry(new ZipEntry(PADDING));
			to.write(PADDING.repeat(10_000).getBytes(StandardCharsets.US_ASCII));
			Enumeration<? extends ZipEntry> entries = from.entries();
			while (entries.hasMoreElements()) {
				ZipEntry entry = entries.nextElement();
				if (entry.getName().equals(PADDING)) {
					continue;
				}
				ZipEntry copy = new ZipEntry(entry.getName());
				boolean changed = entry.getName().matches("(BOOT-INF/classes/)?application\\.yml");
				copy.setMethod(changed ? ZipEntry.DEFLATED : entry.getMethod());
				if (copy.getMethod() == ZipEntry.STORED) {
					copy.setSize(entry.getSize());
					copy.setCrc(entry.getCrc());
				}
				to.putNextEntry(copy);
				try (InputStream content = from.getInputStream(entry)) {
					content.transferTo(to);
				}
				if (changed) {
					to.write("\n---\ninfo.build: two\n".getBytes(StandardCharsets.US_ASCII));
				}
			}
		}
	}

	/**
	 * Made when it is first used.
	 */
	private static final class Application {

		static final Path JAR = make();

		private static Path make() {
			try {
				Path jar = Files.createDirectories(Path.of("target", "it").toAbsolutePath()).resolve("other-build.jar");
				of(SampleApplication.executableJar(), jar);
				return jar;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
