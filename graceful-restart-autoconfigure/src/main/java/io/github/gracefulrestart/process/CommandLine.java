package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A command line as the kernel knows it: byte strings, which need not be text in the
 * JVM's charset.
 */
public final class CommandLine {

	private static final Path OWN = Path.of("/proc/self/cmdline");

	private final List<byte[]> arguments;

	private CommandLine(List<byte[]> arguments) {
		this.arguments = List.copyOf(arguments);
	}

	/**
	 * Read this JVM's own command line. Only the kernel has all of it:
	 * {@code ProcessHandle} drops it above 4,096 bytes and stops at an empty argument.
	 * @return the command line
	 * @throws IOException if the kernel does not show it
	 */
	public static CommandLine own() throws IOException {
		return parse(Files.readAllBytes(OWN));
	}

	static CommandLine parse(byte[] bytes) throws IOException {
		List<byte[]> arguments = new ArrayList<>();
		int start = 0;
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] == 0) {
				arguments.add(Arrays.copyOfRange(bytes, start, i));
				start = i + 1;
			}
		}
		if (arguments.isEmpty()) {
			throw new IOException("the command line in " + OWN + " is empty");
		}
		return new CommandLine(arguments);
	}

	List<byte[]> bytes() {
		return this.arguments;
	}

	byte[] executable() {
		return this.arguments.get(0);
	}

	/**
	 * Return the arguments behind the executable, with a character for each byte.
	 * @return the arguments
	 */
	public List<String> arguments() {
		return this.arguments.stream()
			.skip(1)
			.map((argument) -> new String(argument, StandardCharsets.ISO_8859_1))
			.toList();
	}

	/**
	 * Return a command line of an executable and arguments with a character for each
	 * byte.
	 */
	static CommandLine of(String executable, List<String> arguments) {
		List<byte[]> result = new ArrayList<>();
		result.add(executable.getBytes(StandardCharsets.ISO_8859_1));
		arguments.forEach((argument) -> result.add(argument.getBytes(StandardCharsets.ISO_8859_1)));
		return new CommandLine(result);
	}

	@Override
	public String toString() {
		return this.arguments.size() + " arguments";
	}

}
