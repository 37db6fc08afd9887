package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The status of a process from {@code /proc/PID/stat}.
 *
 * @param state one letter, {@code Z} for a zombie
 * @param session the process id of the leader of its session, which may have ended
 * @param terminal the number of its controlling terminal, or 0 if it has none: the kernel
 * takes the terminal away from every process of the session when the terminal hangs up or
 * the leader of the session ends
 */
public record ProcessStatus(char state, long session, int terminal) {

	/** Fields behind the name of the program, counted from 0. */
	private static final int STATE = 0;

	private static final int SESSION = 3;

	private static final int TERMINAL = 4;

	/**
	 * Return whether a process runs. {@link ProcessHandle#isAlive()} is true for one that
	 * has ended but was not reaped by its parent, as happens in containers.
	 * @param pid its process id
	 * @return {@code true} if there is a process with this number that has not ended
	 */
	public static boolean isRunning(long pid) {
		ProcessStatus status = read(String.valueOf(pid));
		return status != null && !status.hasEnded();
	}

	/**
	 * Return the status of this process.
	 * @return the status, or {@code null} if it cannot be read
	 */
	public static @Nullable ProcessStatus own() {
		return read("self");
	}

	private static @Nullable ProcessStatus read(String pid) {
		try {
			// The name of a program may contain any bytes, including brackets
			String line = Files.readString(Path.of("/proc", pid, "stat"), StandardCharsets.ISO_8859_1);
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
			return new ProcessStatus(fields[STATE].charAt(0), Long.parseLong(fields[SESSION]),
					Integer.parseInt(fields[TERMINAL]));
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return whether it has a controlling terminal.
	 * @return {@code true} if it has one
	 */
	public boolean hasTerminal() {
		return this.terminal != 0;
	}

	private boolean hasEnded() {
		return this.state == 'Z' || this.state == 'X';
	}

}
