package io.github.gracefulrestart.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.gracefulrestart.testsupport.FileTree;

/**
 * The class path of this JVM, for an application of this module, with an archive of its
 * classes. Directories cannot be in one, and become jars.
 */
final class ArchivedClassPath {

	private static final Map<Class<?>, ArchivedClassPath> ALL = new ConcurrentHashMap<>();

	private final String classPath;

	private final Path archive;

	private ArchivedClassPath(String classPath, Path archive) {
		this.classPath = classPath;
		this.archive = archive;
	}

	/**
	 * Return what is made once for all tests.
	 * @param mainClass the main class of the application
	 * @return its class path
	 */
	static ArchivedClassPath of(Class<?> mainClass) {
		return ALL.computeIfAbsent(mainClass, ArchivedClassPath::make);
	}

	private static ArchivedClassPath make(Class<?> mainClass) {
		Path directory = Path.of("target", "it", "class-path-" + mainClass.getSimpleName()).toAbsolutePath();
		FileTree.deleteRecursively(directory);
		try {
			Files.createDirectories(directory);
			List<String> entries = new ArrayList<>();
			for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
				Path path = Path.of(entry);
				if (Files.isDirectory(path)) {
					Path jar = directory.resolve(entries.size() + ".jar");
					Commands.jdk("jar", "-c", "-0", "-f", jar.toString(), "-C", entry, ".");
					entries.add(jar.toString());
				}
				else if (entry.endsWith(".jar")) {
					entries.add(entry);
				}
			}
			String classPath = String.join(File.pathSeparator, entries);
			Path archive = directory.resolve("classes.jsa");
			SampleApplication.archiveClasses(archive, "-cp", classPath, mainClass.getName());
			return new ArchivedClassPath(classPath, archive);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * Return what stands on the command line behind {@code -cp}.
	 * @return the class path
	 */
	String classPath() {
		return this.classPath;
	}

	/**
	 * Return the archive of classes.
	 * @return the file
	 */
	Path archive() {
		return this.archive;
	}

}
