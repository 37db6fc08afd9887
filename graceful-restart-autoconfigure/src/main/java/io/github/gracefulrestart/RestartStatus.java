package io.github.gracefulrestart;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of where this JVM stands.
 *
 * @param phase the phase
 * @param generation 1 for a JVM without predecessor, one more for each successor
 * @param pid this process
 * @param predecessorPid the predecessor, or {@code null} if there is none any longer
 * @param successorPid the successor, or {@code null} if none has been launched
 * @param listeners the listeners that are open
 * @param connections the connections at this moment
 * @param lastReport the last restart that this JVM was asked for or that created it, or
 * {@code null} if there was none
 * @since 0.1.0
 */
public record RestartStatus(RestartPhase phase, int generation, long pid, @Nullable Long predecessorPid,
		@Nullable Long successorPid, List<ListenerState> listeners, ConnectionCount connections,
		@Nullable RestartReport lastReport) {

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
