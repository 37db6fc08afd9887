package io.github.gracefulrestart.options;

import java.nio.file.Path;

/**
 * A file or directory that a successor is started from.
 *
 * @param path where it is, below the directory that the successor starts in
 * @param role what it is for
 * @param required whether the successor cannot start without it, or would start
 * differently than this process. The JVM silently ignores an entry of the class path that
 * does not exist
 */
public record LaunchFile(Path path, Role role, boolean required) {

	/**
	 * What a file is for.
	 */
	public enum Role {

		/**
		 * The jar that is run, the value of {@code -jar}.
		 */
		JAR("jar"),

		/**
		 * The source file that is compiled and run.
		 */
		SOURCE("source file"),

		/**
		 * An archive or directory of the class path or module path.
		 */
		CLASS_PATH("class path entry"),

		/**
		 * A jar of {@code -javaagent}.
		 */
		AGENT("Java agent"),

		/**
		 * A library of {@code -agentpath}.
		 */
		NATIVE_AGENT("native agent"),

		/**
		 * A file with arguments or options.
		 */
		ARGUMENTS("argument file");

		private final String label;

		Role(String label) {
			this.label = label;
		}

		/**
		 * Return the name for messages.
		 * @return the name
		 */
		public String label() {
			return this.label;
		}

	}

}
