package io.github.gracefulrestart.options.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * Finds out which release of the JDK a launcher belongs to, because releases read a
 * command line differently.
 */
public final class JdkRelease {

	private JdkRelease() {
	}

	/**
	 * Return the release that a launcher belongs to.
	 * @param executable the launcher, or {@code null} if it is not known
	 * @return the feature release, or that of this JVM if it cannot be determined
	 */
	public static int of(@Nullable Path executable) {
		try {
			Path directory = (executable != null) ? executable.toRealPath().getParent() : null;
			Path home = (directory != null) ? directory.getParent() : null;
			return (home != null) ? read(home.resolve("release")) : Runtime.version().feature();
		}
		catch (IOException | IllegalArgumentException ex) {
			return Runtime.version().feature();
		}
	}

	private static int read(Path file) throws IOException {
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
			properties.load(reader);
		}
		return Runtime.Version.parse(properties.getProperty("JAVA_VERSION", "").replace("\"", "")).feature();
	}

}
