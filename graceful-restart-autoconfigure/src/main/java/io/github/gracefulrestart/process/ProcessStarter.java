package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts a process whose arguments and environment are bytes.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ProcessStarter {

	/**
	 * Start a process with the standard input of this one, and pipes for standard output
	 * and error.
	 * @param command the executable, looked up in {@code PATH} if there is no slash in
	 * it, and its arguments
	 * @param environment all variables, as {@code NAME=value}
	 * @param directory the working directory
	 * @param descriptors what it gets beside the standard ones, by their numbers in this
	 * process
	 * @return the running process
	 * @throws IOException if it could not be started
	 */
	Process start(List<byte[]> command, List<byte[]> environment, Path directory, List<Integer> descriptors)
			throws IOException;

}
