package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A file of {@code NAME=value} lines that is read as systemd reads the file named by
 * {@code EnvironmentFile=}.
 */
final class EnvironmentFile {

	private EnvironmentFile() {
	}

	static Map<String, String> read(Path file) throws LaunchException {
		String text;
		try {
			text = Files.readString(file);
		}
		catch (IOException ex) {
			throw new LaunchException("the environment file " + file + " cannot be read: " + FileErrors.describe(ex),
					ex);
		}
		return new EnvironmentText(text, file).parse();
	}

}
