package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * How the operator started the first generation, apart from what may have been changed
 * since on purpose: so that a setting that is taken away takes its effect away.
 *
 * @param executable the Java executable, with a character for each byte
 * @param arguments the arguments, likewise
 */
record OriginalLaunch(String executable, List<String> arguments) {

	/**
	 * The environment variable that holds the executable, in hexadecimal.
	 */
	static final String EXECUTABLE = "GRACEFUL_RESTART_EXECUTABLE";

	/**
	 * The environment variable that says how many arguments were inserted.
	 */
	static final String INSERTED_ARGUMENTS = "GRACEFUL_RESTART_INSERTED_ARGUMENTS";

	/**
	 * Find out how this JVM would have been started if it were a first generation.
	 * @param environment the environment of this JVM, whose variables are put back as
	 * well
	 */
	static OriginalLaunch own(Map<String, String> environment) throws LaunchException {
		try {
			CommandLine own = CommandLine.own();
			LaunchRecord changes = LaunchRecord.parse(environment.get(LaunchRecord.VARIABLE));
			changes.restoreVariables(environment);
			String executable = environment.get(EXECUTABLE);
			int inserted = Integer.parseInt(environment.getOrDefault(INSERTED_ARGUMENTS, "0"));
			List<String> arguments = own.arguments();
			return new OriginalLaunch(
					(executable != null) ? text(HexFormat.of().parseHex(executable)) : text(own.executable()), changes
						.restoreArguments(arguments.subList(Math.min(inserted, arguments.size()), arguments.size())));
		}
		catch (IOException ex) {
			throw new LaunchException("the command line of this process cannot be read: " + ex.getMessage(), ex);
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
