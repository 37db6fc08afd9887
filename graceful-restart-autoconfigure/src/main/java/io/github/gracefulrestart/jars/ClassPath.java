package io.github.gracefulrestart.jars;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the classes of this JVM: the class path that it was started with, the
 * jars that a launcher found in an exploded archive, and, once they have been read, the
 * entries that the manifests of those jars add.
 */
final class ClassPath {

	private static final Log logger = LogFactory.getLog(ClassPath.class);

	private static final String NOWHERE = "META-INF/graceful-restart/nowhere";

	private final Set<Path> entries = new LinkedHashSet<>();

	private ClassPath() {
	}

	static ClassPath ofThisJvm() {
		ClassPath classPath = of(System.getProperty("java.class.path", ""));
		for (ClassLoader loader = ClassPath.class.getClassLoader(); loader != null; loader = loader.getParent()) {
			if (loader instanceof URLClassLoader urls) {
				for (URL url : urls.getURLs()) {
					classPath.add(url);
				}
			}
		}
		return classPath;
	}

	static ClassPath of(String text) {
		return of(Stream.of(text.split(File.pathSeparator))
			.filter((entry) -> !entry.isEmpty())
			.map((entry) -> Path.of(entry).toAbsolutePath())
			.toList());
	}

	static ClassPath of(List<Path> entries) {
		ClassPath classPath = new ClassPath();
		entries.forEach(classPath::add);
		return classPath;
	}

	private void add(URL url) {
		if ("file".equals(url.getProtocol())) {
			try {
				add(Path.of(url.toURI()).toAbsolutePath());
			}
			catch (URISyntaxException | IllegalArgumentException ex) {
				logger.debug("Not a path: " + url, ex);
			}
		}
	}

	private void add(Path entry) {
		this.entries.add(entry);
	}

	/**
	 * Add the entries of manifests, for which each jar is opened.
	 * @return this class path
	 */
	ClassPath readManifests() {
		List.copyOf(this.entries).forEach(this::readManifest);
		return this;
	}

	private void readManifest(Path entry) {
		if (Files.isRegularFile(entry)) {
			addFromManifest(entry);
		}
	}

	private void addFromManifest(Path path) {
		try (JarFile jar = new JarFile(path.toFile())) {
			Manifest manifest = jar.getManifest();
			@Nullable String classPath = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)
					: null;
			for (String entry : (classPath != null) ? classPath.strip().split("\\s+") : new String[0]) {
				URI location = path.toUri().resolve(entry);
				if ("file".equals(location.getScheme()) && this.entries.add(Path.of(location))) {
					readManifest(Path.of(location));
				}
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.debug("No class path in the manifest of " + path, ex);
		}
	}

	/**
	 * Return the files and directories that exist.
	 */
	List<Path> entries() {
		return this.entries.stream().filter(Files::exists).toList();
	}

	/**
	 * Open all files now that are opened by their paths, while they are still those that
	 * this JVM was started with.
	 */
	void openAll(Collection<Path> jars) {
		// Class loaders open a jar when the search for a class reaches it
		ClassPath.class.getClassLoader().getResource(NOWHERE);
		jars.forEach(ClassPath::openForResources);
		readInterrupted();
	}

	/**
	 * Resources are not read through the descriptors that classes are read through.
	 */
	private static void openForResources(Path jar) {
		try {
			URLConnection connection = URI.create("jar:" + jar.toUri() + "!/").toURL().openConnection();
			if (connection instanceof JarURLConnection jarConnection) {
				jarConnection.setUseCaches(true);
				// Stays open
				jarConnection.getJarFile();
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.debug("No resources can be read from " + jar, ex);
		}
	}

	/**
	 * Interrupted threads cannot read from a channel, so Spring Boot's class loader opens
	 * the jar again, by its path, for the first of them.
	 */
	private static void readInterrupted() {
		Thread.currentThread().interrupt();
		try (InputStream in = ClassPath.class.getResourceAsStream("ClassPath.class")) {
			if (in != null) {
				in.readAllBytes();
			}
		}
		catch (IOException ex) {
			logger.debug("The jar cannot be read by interrupted threads", ex);
		}
		finally {
			Thread.interrupted();
		}
	}

}
