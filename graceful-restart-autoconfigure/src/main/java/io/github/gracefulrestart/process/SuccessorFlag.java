package io.github.gracefulrestart.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the environment tells a successor: who launched it and where to connect. A process
 * that merely inherited these variables, because a successor started it, was launched by
 * somebody else and is no successor.
 *
 * @param predecessorPid the process id of the predecessor
 * @param socket the path of the control socket
 * @param token the one-time token
 * @param generation the generation of this process
 * @param dryRun whether this process is to become ready, get no traffic and be ended
 * @param listeners what the listening sockets are that it has from its beginning, in case
 * that the predecessor dies before it can hand over
 * @since 0.1.0
 */
public record SuccessorFlag(long predecessorPid, Path socket, String token, int generation, boolean dryRun,
		String listeners) {

	/**
	 * The environment variable that holds the generation, for scripts and applications.
	 */
	public static final String GENERATION = "GRACEFUL_RESTART_GENERATION";

	/**
	 * The environment variable that is {@code true} in a successor that will not serve,
	 * for applications whose start does what must not be done in vain.
	 */
	public static final String DRY_RUN = "GRACEFUL_RESTART_DRY_RUN";

	private static final String PREDECESSOR = "GRACEFUL_RESTART_PREDECESSOR";

	private static final String SOCKET = "GRACEFUL_RESTART_SOCKET";

	private static final String TOKEN = "GRACEFUL_RESTART_TOKEN";

	private static final String LISTENERS = "GRACEFUL_RESTART_LISTENERS";

	/**
	 * Read the flag of this process.
	 * @return the flag, or {@code null} if this process is not a successor
	 */
	public static @Nullable SuccessorFlag own() {
		return read(System.getenv(), ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
	}

	static @Nullable SuccessorFlag read(Map<String, String> environment, long parentPid) {
		String predecessor = environment.get(PREDECESSOR);
		String socket = environment.get(SOCKET);
		String token = environment.get(TOKEN);
		String generation = environment.get(GENERATION);
		if (predecessor == null || socket == null || token == null || generation == null) {
			return null;
		}
		try {
			long pid = Long.parseLong(predecessor);
			boolean launched = pid == parentPid || !isRunning(pid);
			return launched
					? new SuccessorFlag(pid, Path.of(socket), token, Integer.parseInt(generation),
							Boolean.parseBoolean(environment.get(DRY_RUN)), environment.getOrDefault(LISTENERS, ""))
					: null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Return whether the predecessor runs. One that has ended and was not waited for by
	 * whoever started it, as happens in containers, does not.
	 * @return {@code true} if it does
	 */
	public boolean isPredecessorRunning() {
		return isRunning(this.predecessorPid);
	}

	/**
	 * {@code ProcessHandle.isAlive()} is true for a zombie.
	 */
	private static boolean isRunning(long pid) {
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

	/**
	 * Return the variables to give to the successor.
	 * @return names and values
	 */
	Map<String, String> toEnvironment() {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put(PREDECESSOR, String.valueOf(this.predecessorPid));
		variables.put(SOCKET, this.socket.toString());
		variables.put(TOKEN, this.token);
		variables.put(GENERATION, String.valueOf(this.generation));
		variables.put(DRY_RUN, String.valueOf(this.dryRun));
		variables.put(LISTENERS, this.listeners);
		return variables;
	}

	@Override
	public String toString() {
		return "successor of pid " + this.predecessorPid + ", generation " + this.generation;
	}

}
