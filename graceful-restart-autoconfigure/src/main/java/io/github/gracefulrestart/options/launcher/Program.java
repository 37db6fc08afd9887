package io.github.gracefulrestart.options.launcher;

import java.util.List;

/**
 * What a launcher starts.
 *
 * @param kind what it is
 * @param name the jar, class, module or source file, as it is written
 * @param arguments what the application gets
 */
public record Program(Kind kind, String name, List<String> arguments) {

	/**
	 * What a launcher starts.
	 */
	public enum Kind {

		/** A jar. */
		JAR,

		/** A class on the class path. */
		CLASS,

		/** A module. */
		MODULE,

		/** A source file. */
		SOURCE

	}

}
