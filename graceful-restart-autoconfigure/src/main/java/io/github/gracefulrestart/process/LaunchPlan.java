package io.github.gracefulrestart.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.posix.Program;

/**
 * A launch that is planned: the preflight checks it, and the launch carries it out.
 *
 * @param program the program and its arguments
 * @param directory the working directory
 * @param environment the environment, without the variables that are set for this
 * successor only
 * @param written the files to write before
 * @param collisions the options that both JVMs cannot share, and what was done about them
 * @param files the files that the command line names, empty if they are not known
 */
public record LaunchPlan(Program program, Path directory, Map<String, String> environment, Map<Path, byte[]> written,
		List<Collision> collisions, List<LaunchFile> files) {

}
