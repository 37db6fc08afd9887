package io.github.gracefulrestart.jars;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.posix.Descriptor;
import io.github.gracefulrestart.posix.OpenFiles;
import org.jspecify.annotations.Nullable;

/**
 * One jar, as it was at the start, and its copy.
 */
final class KeptJar {

	/** The longest tick of a file system's clock is two seconds. */
	private static final Duration TICK = Duration.ofSeconds(2);

	/**
	 * By how much the clock of a file system may be late. A JVM takes longer than this to
	 * start.
	 */
	private static final Duration CLOCK_TICK = Duration.ofMillis(10);

	private static final String CHANGE_TIME = "unix:ctime";

	private final Path path;

	private final Object key;

	private final boolean certain;

	private BasicFileAttributes seen;

	private @Nullable Descriptor copy;

	/**
	 * The descriptors that read the jar when the copy was made. Later ones may have been
	 * opened to read the new jar.
	 */
	private List<Integer> readers = List.of();

	private boolean overwritten;

	private KeptJar(Path path, Object key, boolean certain, BasicFileAttributes seen) {
		this.path = path;
		this.key = key;
		this.certain = certain;
		this.seen = seen;
	}

	/**
	 * Record a jar.
	 * @return the jar, or {@code null} if it is not a file
	 */
	static @Nullable KeptJar at(Path path) {
		return at(path, Instant.MAX);
	}

	/**
	 * Record a jar that may have been created after this JVM was started.
	 * @param start when this JVM was started
	 * @return the jar, or {@code null} if it is not a file
	 */
	static @Nullable KeptJar at(Path path, Instant start) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			Object key = attributes.fileKey();
			// Moving a file changes this time, but not that of its last write
			boolean certain = start.equals(Instant.MAX)
					|| (Files.getAttribute(path, CHANGE_TIME) instanceof FileTime time
							&& time.toInstant().isBefore(start.minus(CLOCK_TICK)));
			return (attributes.isRegularFile() && key != null) ? new KeptJar(path, key, certain, attributes) : null;
		}
		catch (IOException ex) {
			return null; // an entry of a class path need not exist
		}
	}

	Path path() {
		return this.path;
	}

	/**
	 * Return whether this is the jar that the JVM was started from, and not a file that
	 * was put there afterwards.
	 */
	boolean isCertain() {
		return this.certain;
	}

	Object key() {
		return this.key;
	}

	boolean isKept() {
		return this.copy != null;
	}

	/**
	 * Make the copy, and redirect the descriptors to it whose readers read at given
	 * positions.
	 * @param directory where the copy is created
	 * @param readers the descriptors that read the jar
	 * @return the descriptors whose readers seek before they read. They would notice a
	 * replacement between seek and read, so the jar has to be watched instead
	 * @throws IOException if the copy cannot be made
	 */
	List<Integer> keep(Path directory, List<Integer> readers) throws IOException {
		if (this.copy != null || readers.isEmpty() || !isStillAt(this.path)) {
			return List.of();
		}
		Descriptor made = OpenFiles.copyWithoutName(this.path, directory);
		if (!isStillAt(this.path)) {
			made.close();
			return List.of();
		}
		this.copy = made;
		this.readers = List.copyOf(readers);
		List<Integer> seeking = new ArrayList<>();
		for (int reader : readers) {
			if (OpenFiles.isPositioned(reader)) {
				seeking.add(reader);
			}
			else {
				OpenFiles.replace(reader, this.key, made);
			}
		}
		return seeking;
	}

	/**
	 * Return whether the file has not been written to, according to its attributes.
	 */
	boolean isAsSeen(BasicFileAttributes now) {
		return now.size() == this.seen.size() && now.lastModifiedTime().equals(this.seen.lastModifiedTime());
	}

	/**
	 * Return whether this is the file at a path, not written to since.
	 */
	boolean isStillAt(Path other) {
		try {
			BasicFileAttributes now = Files.readAttributes(other, BasicFileAttributes.class);
			return this.key.equals(now.fileKey()) && isAsSeen(now);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return whether another file has the content that this one had at the start.
	 * @return {@code false} also if that is not known any more
	 */
	boolean hasContentOf(Path other) {
		try {
			return this.copy != null && Files.size(other) == this.seen.size()
					&& Files.mismatch(other, OpenFiles.path(this.copy.number())) < 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Check whether the jar was overwritten in place, and if so read from the copy from
	 * now on. Readers of the jar itself would read garbage by then, so replacing it
	 * between their seek and read does no further harm.
	 * @return whether it was, for the first time
	 * @throws IOException if the copy cannot be used
	 */
	boolean replaceIfOverwritten() throws IOException {
		if (this.overwritten || !isOverwritten()) {
			return false;
		}
		this.overwritten = true;
		if (this.copy != null) {
			for (int reader : new ArrayList<>(this.readers)) {
				OpenFiles.replace(reader, this.key, this.copy);
			}
		}
		return true;
	}

	/**
	 * Two writes within one tick of the file system's clock leave the same time. So a jar
	 * that was written to recently and has the same content is checked again, until the
	 * write is old.
	 */
	private boolean isOverwritten() {
		try {
			Instant before = Instant.now().minus(TICK);
			BasicFileAttributes now = Files.readAttributes(this.path, BasicFileAttributes.class);
			if (!this.key.equals(now.fileKey()) || isAsSeen(now)) {
				return false;
			}
			if (hasContentOf(this.path)) {
				if (now.lastModifiedTime().toInstant().isBefore(before)) {
					this.seen = now; // touched
				}
				return false;
			}
			return true;
		}
		catch (IOException ex) {
			return false; // removed, which does no harm
		}
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
