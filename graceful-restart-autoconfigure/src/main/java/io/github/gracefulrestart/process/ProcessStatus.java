package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process runs, as the kernel tells it.
 */
final class ProcessStatus {

	private ProcessStatus() {
	}

	/**
	 * Return whether a process runs. {@code ProcessHandle.isAlive()} is true for one that
	 * has ended and was not waited for, as happens in containers.
	 */
	static boolean isRunning(long pid) {
		try {
			String status = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"),
					StandardCharsets.ISO_8859_1);
			// Behind the name, which is in parentheses and may contain some
			char state = status.charAt(status.lastIndexOf(')') + 2);
			return state != 'Z' && state != 'X';
		}
		catch (IOException ex) {
			return false;
		}
	}

}
