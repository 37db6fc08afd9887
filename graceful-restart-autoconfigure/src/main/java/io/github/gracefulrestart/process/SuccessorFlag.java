package io.github.gracefulrestart.process;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.github.gracefulrestart.posix.ChildDescriptors;
import io.github.gracefulrestart.posix.PlatformText;
import io.github.gracefulrestart.posix.ProcessStatus;
import org.jspecify.annotations.Nullable;

/**
 * The information in the environment of a successor: the process that launched it and
 * where to connect. Every process that the successor starts inherits these variables,
 * too. A process is the successor only if it has the ticket, which can be taken once, or
 * if a predecessor that has launched a program of the operator is still waiting for a
 * connection.
 *
 * @param predecessorPid the process id of the predecessor
 * @param socket the path of the control socket
 * @param token the one-time token
 * @param generation the generation of this process
 * @param dryRun whether this process only becomes ready, gets no traffic and is
 * terminated
 * @param handover the parts in the format of the handover
 */
public record SuccessorFlag(long predecessorPid, Path socket, String token, int generation, boolean dryRun,
		Handover handover) {

	/**
	 * The environment variable that every successor has.
	 */
	public static final String GENERATION = LaunchContract.GENERATION;

	/**
	 * Read the flag of this process. The result of the first call is kept, because the
	 * ticket can be taken only once.
	 * @return the flag, or {@code null} if this process is not a successor
	 * @throws IllegalStateException if it is a successor that cannot connect
	 */
	public static @Nullable SuccessorFlag own() {
		if (Own.FAILURE != null) {
			throw Own.FAILURE;
		}
		return Own.FLAG;
	}

	/**
	 * Return whether this process is certainly the successor. A process that was started
	 * by a program of the operator may also be another tool of that program.
	 * @return {@code true} if its predecessor has launched it itself
	 */
	public static boolean isOwnCertain() {
		return System.getenv(LaunchContract.TOKEN) != null && System.getenv(LaunchContract.COMMAND) == null
				&& own() != null;
	}

	static @Nullable SuccessorFlag read(Map<String, String> environment, Supplier<@Nullable String> ticket) {
		String predecessor = environment.get(LaunchContract.PREDECESSOR);
		String socket = environment.get(LaunchContract.SOCKET);
		String token = environment.get(LaunchContract.TOKEN);
		String generation = environment.get(LaunchContract.GENERATION);
		if (predecessor == null || socket == null || token == null || generation == null) {
			return null;
		}
		try {
			SuccessorFlag flag = new SuccessorFlag(Long.parseLong(predecessor), Path.of(socket), token,
					Integer.parseInt(generation), Boolean.parseBoolean(environment.get(LaunchContract.DRY_RUN)),
					new Handover(environment.getOrDefault(LaunchContract.PROTOCOL, ""),
							environment.getOrDefault(LaunchContract.LISTENERS, "")));
			// The predecessor checks the token
			boolean launched = ticket.get() != null
					|| (environment.containsKey(LaunchContract.COMMAND) && flag.isAwaited());
			return launched ? flag : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
		catch (InvalidPathException ex) {
			if (ticket.get() == null) {
				return null; // inherits the variables of one
			}
			throw new IllegalStateException("This process was launched as a successor, but cannot connect to its "
					+ "predecessor: the path of the control socket cannot be written in the locale of this process ("
					+ PlatformText.charset() + "): " + ex.getMessage()
					+ ". Start both in the same locale, or set graceful.restart.control-directory to a path in ASCII",
					ex);
		}
	}

	/**
	 * Some programs close all descriptors that they do not know, including the ticket.
	 * The socket exists only until the successor has connected.
	 */
	private boolean isAwaited() {
		return isPredecessorRunning() && Files.exists(this.socket);
	}

	/**
	 * Return whether the predecessor runs. A process that has ended but was not reaped by
	 * its parent, as happens in containers, does not run.
	 * @return {@code true} if it does
	 */
	public boolean isPredecessorRunning() {
		return ProcessStatus.isRunning(this.predecessorPid);
	}

	/**
	 * Return the variables to give to the successor.
	 * @return names and values
	 */
	Map<String, String> toEnvironment() {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put(LaunchContract.PREDECESSOR, String.valueOf(this.predecessorPid));
		variables.put(LaunchContract.SOCKET, this.socket.toString());
		variables.put(LaunchContract.TOKEN, this.token);
		variables.put(LaunchContract.GENERATION, String.valueOf(this.generation));
		variables.put(LaunchContract.DRY_RUN, String.valueOf(this.dryRun));
		variables.put(LaunchContract.PROTOCOL, this.handover.protocol());
		variables.put(LaunchContract.LISTENERS, this.handover.listeners());
		return variables;
	}

	@Override
	public String toString() {
		return "successor of pid " + this.predecessorPid + ", generation " + this.generation;
	}

	/**
	 * What the two ends of the control socket need to know of each other in advance.
	 *
	 * @param protocol the dialect of the predecessor, empty if it is not known
	 * @param listeners the keys of the listening sockets that the successor receives when
	 * it is launched, in case the predecessor dies before the handover
	 */
	public record Handover(String protocol, String listeners) {

		/**
		 * Nothing.
		 */
		public static final Handover NONE = new Handover("", "");

	}

	/**
	 * Read when it is first asked for.
	 */
	private static final class Own {

		private static final @Nullable SuccessorFlag FLAG;

		private static final @Nullable IllegalStateException FAILURE;

		static {
			@Nullable SuccessorFlag flag = null;
			@Nullable IllegalStateException failure = null;
			try {
				flag = read(System.getenv(), ChildDescriptors::takeTicket);
			}
			catch (IllegalStateException ex) {
				failure = ex;
			}
			FLAG = flag;
			FAILURE = failure;
		}

		private Own() {
		}

	}

}
