package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a jar. Reads the directory at the end of the archive, which a
 * truncated archive lacks, and the manifest, but not the entries.
 *
 * @param failure why it cannot be opened, or {@code null} if it can
 * @param hasMainClass whether its manifest names a main class
 * @param classPath what its manifest adds to the class path
 */
record Archive(@Nullable String failure, boolean hasMainClass, List<Path> classPath) {

	static Archive open(Path path) {
		try (JarFile jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ)) {
			Manifest manifest = jar.getManifest();
			Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
			String entries = attributes.getValue(Attributes.Name.CLASS_PATH);
			return new Archive(null, attributes.getValue(Attributes.Name.MAIN_CLASS) != null,
					(entries != null) ? resolve(path, entries) : List.of());
		}
		catch (IOException | RuntimeException ex) {
			return new Archive((ex.getMessage() != null) ? ex.getMessage() : ex.toString(), false, List.of());
		}
	}

	/**
	 * Entries are relative URLs.
	 */
	private static List<Path> resolve(Path jar, String entries) {
		List<Path> paths = new ArrayList<>();
		for (String entry : entries.strip().split(" +")) {
			try {
				URI uri = jar.toAbsolutePath().toUri().resolve(entry);
				if ("file".equals(uri.getScheme())) {
					paths.add(Path.of(uri));
				}
			}
			catch (IllegalArgumentException ex) {
				// The JVM ignores it, too
			}
		}
		return paths;
	}

}
