package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Another way to start a process than {@link ProcessBuilder}, which needs a helper
 * program of the very JDK that this JVM runs on.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ProcessStarter {

	/**
	 * Start a process with the standard input of this one, and pipes for standard output
	 * and error. It gets no other descriptor.
	 * @param command the executable, with a slash in it, and its arguments
	 * @param environment all variables, as {@code NAME=value}
	 * @param directory the working directory
	 * @return the running process
	 * @throws IOException if it could not be started
	 */
	Process start(List<byte[]> command, List<byte[]> environment, Path directory) throws IOException;

}
