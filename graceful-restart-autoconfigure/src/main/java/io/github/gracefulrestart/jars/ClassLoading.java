package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Loads classes in advance, where no copy can replace the files that they are read from.
 * Classes are not initialized.
 */
final class ClassLoading {

	private static final Log logger = LogFactory.getLog(ClassLoading.class);

	private static final String SUFFIX = ".class";

	/** Loading this many takes about 25 MB, and seconds of processor time. */
	private static final int LIMIT = 5000;

	private final ClassLoader loader;

	ClassLoading(ClassLoader loader) {
		this.loader = loader;
	}

	/**
	 * Load the classes of a directory, in which each class is a file that is opened by
	 * its name.
	 */
	void loadDirectory(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			List<String> names = files.map(directory::relativize)
				.map((file) -> file.toString().replace(directory.getFileSystem().getSeparator(), "/"))
				.filter((file) -> file.endsWith(SUFFIX))
				.limit(LIMIT + 1L)
				.toList();
			if (names.size() > LIMIT) {
				logger.info("The directory " + directory + " has more than " + LIMIT + " classes, which are not loaded "
						+ "in advance: if it is overwritten in place, this process cannot load classes that it has not "
						+ "used yet. Put them into a jar, or each version into a directory of its own");
				return;
			}
			names.forEach(this::load);
		}
		catch (IOException ex) {
			logger.debug("Classes of " + directory + " cannot be loaded beforehand", ex);
		}
	}

	/**
	 * Load the classes of this library, so that it works whatever happens to the jars.
	 */
	void loadLibrary() {
		CodeSource source = ClassLoading.class.getProtectionDomain().getCodeSource();
		String base = ClassLoading.class.getPackageName().replace('.', '/');
		String root = base.substring(0, base.lastIndexOf('/') + 1);
		try (JarFile jar = new JarFile(Path.of(source.getLocation().toURI()).toFile())) {
			jar.stream()
				.map((entry) -> entry.getName())
				.filter((name) -> name.startsWith(root) && name.endsWith(SUFFIX))
				.forEach(this::load);
		}
		catch (IOException | URISyntaxException | RuntimeException ex) {
			logger.debug("The classes of this library cannot be loaded beforehand", ex);
		}
	}

	private void load(String file) {
		String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
		if (name.contains("-")) {
			return; // of a package or module, or in a directory that is no package
		}
		try {
			Class.forName(name, false, this.loader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// It needs an optional dependency that is not present, and is not used
			logger.trace("Class " + name + " cannot be loaded", ex);
		}
	}

}
