package io.github.gracefulrestart.supervisor.systemd;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The variables that systemd has set in the environment of this process, see
 * systemd.exec(5).
 *
 * @param notifySocket the socket for notifications, or {@code null} if the unit uses none
 * @param runtimeDirectory the first directory of {@code RuntimeDirectory=}, or
 * {@code null} if there is none
 * @param watchdog the watchdog time of the main process, or {@code null} if there is none
 * @param descriptorStore whether systemd says that the unit has a store for descriptors
 * @param personal names of the variables that are meant for this process and not for its
 * successor
 */
record UnitEnvironment(@Nullable String notifySocket, @Nullable Path runtimeDirectory, @Nullable Duration watchdog,
		boolean descriptorStore, Set<String> personal) {

	static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

	static final String RUNTIME_DIRECTORY = "RUNTIME_DIRECTORY";

	static final String WATCHDOG_USEC = "WATCHDOG_USEC";

	static final String WATCHDOG_PID = "WATCHDOG_PID";

	static final String FDSTORE = "FDSTORE";

	/** Variables that name a process, or descriptors that it has received. */
	private static final Set<String> PERSONAL = Set.of(WATCHDOG_PID, PassedSocket.LISTEN_PID, "LISTEN_PIDFDID",
			PassedSocket.LISTEN_FDS, PassedSocket.LISTEN_FDNAMES, "SYSTEMD_EXEC_PID");

	/**
	 * Read an environment.
	 * @param environment values by names
	 * @param pid the process id of this process
	 * @return the variables
	 */
	static UnitEnvironment of(Map<String, String> environment, long pid) {
		Set<String> personal = new TreeSet<>(PERSONAL);
		personal.retainAll(environment.keySet());
		String directories = environment.getOrDefault(RUNTIME_DIRECTORY, "");
		String directory = directories.split(":", 2)[0];
		return new UnitEnvironment(environment.get(NOTIFY_SOCKET), directory.isEmpty() ? null : Path.of(directory),
				watchdog(environment, pid), environment.containsKey(FDSTORE), personal);
	}

	private static @Nullable Duration watchdog(Map<String, String> environment, long pid) {
		// A successor has no such variable, because its predecessor has removed it
		String receiver = environment.getOrDefault(WATCHDOG_PID, String.valueOf(pid));
		String micros = environment.getOrDefault(WATCHDOG_USEC, "");
		if (!receiver.equals(String.valueOf(pid)) || !micros.matches("[1-9][0-9]{0,17}")) {
			return null;
		}
		return Duration.of(Long.parseLong(micros), ChronoUnit.MICROS);
	}

	/**
	 * Return whether systemd has to be notified.
	 * @return whether this process or its predecessor was started by systemd
	 */
	boolean isPresent() {
		return this.notifySocket != null || !this.personal.isEmpty() || this.runtimeDirectory != null;
	}

}
