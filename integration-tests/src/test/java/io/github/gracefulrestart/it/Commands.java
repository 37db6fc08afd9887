package io.github.gracefulrestart.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that an operator runs beside the service.
 */
public final class Commands {

	private Commands() {
	}

	/**
	 * Skip the test where a program is missing. CONTRIBUTING.md says which package has
	 * it.
	 * @param programs the names of programs
	 */
	public static void require(String... programs) {
		for (String program : programs) {
			boolean found = Stream.of(System.getenv("PATH").split(":"))
				.anyMatch((directory) -> Files.isExecutable(Path.of(directory, program)));
			Assumptions.assumeTrue(found, () -> "There is no '" + program + "' here; install it to run this test");
		}
	}

	/**
	 * Run a program to its end.
	 * @param command the program and its arguments
	 * @return what it has written
	 * @throws IOException if it cannot be started or fails
	 * @throws InterruptedException if this thread is interrupted
	 */
	public static String run(String... command) throws IOException, InterruptedException {
		Process process = OrdinaryProcess.builder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException(List.of(command) + " ended with code " + process.exitValue() + ": " + output);
		}
		return output;
	}

	/**
	 * Run a tool of the JDK that runs the tests.
	 * @param tool the name of the tool
	 * @param arguments its arguments
	 * @return what it has written
	 * @throws IOException if it cannot be started or fails
	 * @throws InterruptedException if this thread is interrupted
	 */
	public static String jdk(String tool, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
		command.addAll(List.of(arguments));
		return run(command.toArray(String[]::new));
	}

}
