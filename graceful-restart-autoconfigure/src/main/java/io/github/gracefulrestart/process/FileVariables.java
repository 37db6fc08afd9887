package io.github.gracefulrestart.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The variables that a successor has from the environment file. Before the file is read
 * again, they are removed and the values that they replaced are restored, so that a
 * variable that is removed from the file loses its effect.
 */
final class FileVariables {

	private FileVariables() {
	}

	/**
	 * Replace the variables that came from the file when this process was launched by its
	 * present ones.
	 * @param environment the environment of this process, which is changed
	 * @param file the file, or {@code null} for none
	 */
	static void renew(Map<String, String> environment, @Nullable Path file) throws LaunchException {
		String earlier = environment.remove(LaunchContract.FILE_VARIABLES);
		if (earlier != null && !earlier.isEmpty()) {
			for (String entry : earlier.split(",")) {
				String[] fields = entry.split("=", 2);
				if (fields.length == 2) {
					environment.put(fields[0], new String(HexFormat.of().parseHex(fields[1]), StandardCharsets.UTF_8));
				}
				else {
					environment.remove(fields[0]);
				}
			}
		}
		if (file != null) {
			Map<String, String> variables = EnvironmentFile.read(file);
			environment.put(LaunchContract.FILE_VARIABLES,
					variables.keySet()
						.stream()
						.map((name) -> describe(name, environment.get(name)))
						.collect(Collectors.joining(",")));
			environment.putAll(variables);
		}
	}

	private static String describe(String name, @Nullable String replaced) {
		return (replaced != null) ? name + "=" + HexFormat.of().formatHex(replaced.getBytes(StandardCharsets.UTF_8))
				: name;
	}

}
