package io.github.gracefulrestart;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * The jars that a JVM is started from, and whether they are those of the JVM before. If
 * the name of a jar contains a version, successors are started from the same version
 * until the command line is changed.
 *
 * @param path the jar that is started, or the first entry of the class path, as it is
 * named
 * @param realPath the target of its links
 * @param count the number of jars in all
 * @param change whether they are those of the JVM before
 * @param changed the new ones, at most a few
 * @param since when their content was first started
 * @since 0.1.0
 */
public record LaunchedFiles(String path, String realPath, int count, Change change, List<String> changed,
		Instant since) {

	/**
	 * Return a description for messages.
	 * @return the jar, and whether it is new
	 */
	public String describe() {
		String name = this.path.equals(this.realPath) ? this.path : this.path + " (" + this.realPath + ")";
		String others = (this.count > 1) ? " and " + (this.count - 1) + " other jars" : "";
		String time = this.since.truncatedTo(ChronoUnit.SECONDS).toString();
		return switch (this.change) {
			case UNCHANGED -> name + others + ", unchanged since " + time + ": nothing new on disk";
			case SAME_CONTENT ->
				name + others + ", replaced with the same content as since " + time + ": nothing new on disk";
			case CHANGED ->
				name + others + ", new: " + String.join(", ", this.changed.stream().map(LaunchedFiles::last).toList());
		};
	}

	private static String last(String path) {
		Path name = Path.of(path).getFileName();
		return (name != null) ? name.toString() : path;
	}

	/**
	 * Whether files are those of the JVM before.
	 */
	public enum Change {

		/** The same files. */
		UNCHANGED,

		/** Other files with the same content. */
		SAME_CONTENT,

		/** Other files with other content. */
		CHANGED;

		/**
		 * Return the name for people and programs.
		 * @return the name in lower case
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
