package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How the operator started the first generation, without the changes that later settings
 * made, so that a setting that is removed loses its effect.
 *
 * @param program the program
 * @param arguments the arguments behind the program's name, with a character for each
 * byte
 */
record OriginalLaunch(OwnProgram program, List<String> arguments) {

	/**
	 * Find out how this JVM would have been started if it were a first generation.
	 * @param own the program that this JVM runs in
	 * @param environment the environment of this JVM, whose variables are restored as
	 * well
	 */
	static OriginalLaunch of(OwnProgram own, Map<String, String> environment) throws LaunchException {
		try {
			LaunchRecord changes = LaunchRecord.parse(environment.get(LaunchContract.CHANGED));
			changes.restoreVariables(environment);
			int inserted = Integer.parseInt(environment.getOrDefault(LaunchContract.INSERTED_ARGUMENTS, "0"));
			List<String> arguments = CommandLine.own().arguments();
			return new OriginalLaunch(program(own, environment.get(LaunchContract.EXECUTABLE)), changes
				.restoreArguments(arguments.subList(Math.min(inserted, arguments.size()), arguments.size())));
		}
		catch (IOException ex) {
			throw new LaunchException("the command line of this process cannot be read: " + ex.getMessage(), ex);
		}
	}

	private static OwnProgram program(OwnProgram own, @Nullable String original) {
		if (original == null) {
			return own;
		}
		// A newer predecessor may have appended fields
		String[] fields = original.split(",", -1);
		return new OwnProgram(Path.of(decode(fields[0])), decode(fields[Math.min(1, fields.length - 1)]), own.java(),
				null);
	}

	/**
	 * Return what {@link #program(OwnProgram, String)} understands.
	 */
	static String describe(OwnProgram program) {
		return encode(String.valueOf(program.file())) + "," + encode(program.name());
	}

	private static String encode(String text) {
		return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String decode(String hex) {
		return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
	}

}
