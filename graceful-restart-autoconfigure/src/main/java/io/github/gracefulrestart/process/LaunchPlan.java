package io.github.gracefulrestart.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.posix.Program;

/**
 * What is going to be launched: the preflight looks at it, and a launch does it.
 *
 * @param program the program and its arguments
 * @param directory the working directory
 * @param environment the environment, but for what is told this successor alone
 * @param written what has to be written before
 * @param collisions what was found that both JVMs cannot have, and what was done about it
 * @param files the files that the command line names, none if it is not known which they
 * are
 */
public record LaunchPlan(Program program, Path directory, Map<String, String> environment, Map<Path, byte[]> written,
		List<Collision> collisions, List<LaunchFile> files) {

}
