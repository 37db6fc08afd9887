package io.github.gracefulrestart.options;

import java.util.List;

/**
 * What a launcher starts.
 *
 * @param kind what it is
 * @param name the jar, class, module or source file, as it is written
 * @param arguments what the application gets
 */
record Program(Kind kind, String name, List<String> arguments) {

	enum Kind {

		JAR, CLASS, MODULE, SOURCE

	}

}
