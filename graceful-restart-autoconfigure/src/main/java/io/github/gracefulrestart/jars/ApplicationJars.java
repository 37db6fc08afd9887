package io.github.gracefulrestart.jars;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.NativeAccess;
import io.github.gracefulrestart.posix.OpenFiles;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The jars that this JVM runs from. A class is read when it is first needed, and many are
 * first needed when a request is waited for and the application shuts down. A jar that
 * was replaced by renaming or removing is no trouble, because the old file stays open;
 * one that was overwritten in place is gone, with every class that had not been read.
 * <p>
 * Therefore a copy without a name is made of each when the application has become ready,
 * and put behind the descriptors that read the jar. Costs no memory, as classes loaded
 * beforehand would, and covers every class there is, the application's own included.
 *
 * @since 0.1.0
 */
public final class ApplicationJars {

	private static final Log logger = LogFactory.getLog(ApplicationJars.class);

	private final Map<Path, Jar> jars = new LinkedHashMap<>();

	private ApplicationJars(List<Path> paths) {
		paths.forEach(this::add);
	}

	/**
	 * Look at the jars on the class path of this JVM. To be called early, before they may
	 * be replaced.
	 * @return the jars
	 */
	public static ApplicationJars ofThisJvm() {
		return of(System.getProperty("java.class.path", ""));
	}

	static ApplicationJars of(String classPath) {
		List<Path> paths = new ArrayList<>();
		for (String entry : classPath.split(File.pathSeparator)) {
			if (!entry.isEmpty()) {
				paths.add(Path.of(entry).toAbsolutePath());
			}
		}
		return new ApplicationJars(paths);
	}

	private void add(Path path) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			if (attributes.isRegularFile() && attributes.fileKey() != null) {
				this.jars.putIfAbsent(path, new Jar(path, attributes));
			}
		}
		catch (IOException ex) {
			// An entry of a class path need not exist
		}
	}

	/**
	 * Make the copies. Takes some milliseconds for a jar of usual size, and as much space
	 * in the directory as the jars that are open.
	 * @param directory where the copies have a name for a moment
	 */
	public synchronized void keep(Path directory) {
		if (!NativeAccess.probe().available()) {
			return;
		}
		List.copyOf(this.jars.keySet()).forEach((path) -> manifestEntries(path).forEach(this::add));
		readInterrupted();
		for (Jar jar : this.jars.values()) {
			try {
				jar.keep(directory);
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("No copy of " + jar.path + " could be kept in " + directory + ": " + ex.getMessage()
						+ ". The application is not affected, unless that jar is overwritten in place: replace it with "
						+ "mv, not with cp");
				return;
			}
		}
	}

	/**
	 * Threads that are interrupted cannot read from a channel, so Spring Boot's class
	 * loader opens the jar by its path once more for the first of them. It may do so now,
	 * while the jar is what it was.
	 */
	private static void readInterrupted() {
		Thread.currentThread().interrupt();
		try (InputStream in = ApplicationJars.class.getResourceAsStream("ApplicationJars.class")) {
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

	/**
	 * Return what the manifest of a jar adds to the class path.
	 */
	private static List<Path> manifestEntries(Path path) {
		List<Path> entries = new ArrayList<>();
		try (JarFile jar = new JarFile(path.toFile())) {
			Manifest manifest = jar.getManifest();
			String classPath = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)
					: null;
			for (String entry : (classPath != null) ? classPath.trim().split("\\s+") : new String[0]) {
				URI location = path.toUri().resolve(entry);
				if ("file".equals(location.getScheme())) {
					entries.add(Path.of(location));
				}
			}
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.debug("No class path in the manifest of " + path, ex);
		}
		return entries;
	}

	/**
	 * Look whether a jar was overwritten in place, say so once for each time, and read
	 * from the copy from now on.
	 */
	public synchronized void check() {
		for (Jar jar : this.jars.values()) {
			try {
				jar.check();
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("The kept copy of " + jar.path + " cannot be used: " + ex.getMessage()
						+ ". Classes that have not been read are lost to this process");
			}
		}
	}

	/**
	 * One jar, as it was at the start, and the copy of it.
	 */
	private static final class Jar {

		private final Path path;

		private BasicFileAttributes seen;

		private @Nullable Descriptor copy;

		private List<Integer> readers = List.of();

		Jar(Path path, BasicFileAttributes seen) {
			this.path = path;
			this.seen = seen;
		}

		void keep(Path directory) throws IOException {
			Object key = key();
			List<Integer> readers = OpenFiles.readersOf(key);
			if (this.copy != null || readers.isEmpty() || overwritten() != null || isReplaced()) {
				return;
			}
			Descriptor made = OpenFiles.copyWithoutName(this.path, directory);
			if (overwritten() != null || isReplaced()) {
				made.close();
				return;
			}
			this.copy = made;
			this.readers = readers;
			for (int reader : readers) {
				// Between somebody's seek and read, a replacement would be noticed
				if (!OpenFiles.isPositioned(reader)) {
					OpenFiles.replace(reader, made);
				}
			}
		}

		private Object key() {
			Object key = this.seen.fileKey();
			return (key != null) ? key : this.path;
		}

		private boolean isReplaced() throws IOException {
			return !key().equals(Files.readAttributes(this.path, BasicFileAttributes.class).fileKey());
		}

		private @Nullable BasicFileAttributes overwritten() {
			try {
				BasicFileAttributes now = Files.readAttributes(this.path, BasicFileAttributes.class);
				boolean same = now.size() == this.seen.size()
						&& now.lastModifiedTime().equals(this.seen.lastModifiedTime());
				return (key().equals(now.fileKey()) && !same) ? now : null;
			}
			catch (IOException ex) {
				return null; // removed, which does no harm
			}
		}

		void check() throws IOException {
			BasicFileAttributes now = overwritten();
			if (now == null) {
				return;
			}
			this.seen = now;
			Descriptor kept = this.copy;
			if (kept == null) {
				logger.warn("The jar " + this.path
						+ " was overwritten in place while this process runs from it, and no "
						+ "copy was kept: classes that have not been read yet are lost to this process, so that requests "
						+ "and an orderly shutdown may fail. Replace a jar with mv, not with cp");
				return;
			}
			for (int reader : OpenFiles.readersOf(key())) {
				// Who has come later may mean the new jar. The others read nonsense by
				// now,
				// so that there is nothing to disturb
				if (this.readers.contains(reader)) {
					OpenFiles.replace(reader, kept);
				}
			}
			logger.warn("The jar " + this.path + " was overwritten in place while this process runs from it. This "
					+ "process goes on with the copy that it made when it had become ready. Replace a jar with mv, not "
					+ "with cp");
		}

	}

}
