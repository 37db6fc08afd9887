package io.github.gracefulrestart;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the state of this JVM.
 *
 * @param phase the phase
 * @param generation 1 for a JVM without predecessor, one more for each successor
 * @param processes this process, its predecessor and its successor
 * @param listeners the listeners that are open
 * @param connections the connections at this moment
 * @param lastReport the last restart that this JVM performed or was created by, or
 * {@code null} if there was none
 * @since 0.1.0
 */
public record RestartStatus(RestartPhase phase, int generation, Processes processes, List<ListenerState> listeners,
		ConnectionCount connections, @Nullable RestartReport lastReport) {

	/**
	 * Return this process.
	 * @return its process id
	 */
	public long pid() {
		return this.processes.pid();
	}

	/**
	 * Return the predecessor.
	 * @return its process id, or {@code null} if there is none any longer
	 */
	public @Nullable Long predecessorPid() {
		return this.processes.predecessorPid();
	}

	/**
	 * Return the successor.
	 * @return its process id, or {@code null} if none has been launched
	 */
	public @Nullable Long successorPid() {
		return this.processes.successorPid();
	}

	/**
	 * A process, its predecessor and its successor.
	 *
	 * @param pid this process
	 * @param predecessorPid the predecessor, or {@code null} if there is none any longer
	 * @param successorPid the successor, or {@code null} if none has been launched
	 */
	public record Processes(long pid, @Nullable Long predecessorPid, @Nullable Long successorPid) {

		/**
		 * This process alone.
		 * @return a process without predecessor and successor
		 */
		public static Processes alone() {
			return new Processes(ProcessHandle.current().pid(), null, null);
		}

	}

	/**
	 * One listener.
	 *
	 * @param name the name that it has in every generation
	 * @param address the address that clients connect to
	 * @param accepting whether this JVM takes connections from it
	 */
	public record ListenerState(String name, String address, boolean accepting) {

	}

}
