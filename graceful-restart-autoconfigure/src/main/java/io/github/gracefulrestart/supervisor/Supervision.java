package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.gracefulrestart.process.SuccessorFlag;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The supervisor of the process that the service was started as, and what has to be done
 * because of it when that process exits.
 *
 * @param kind what has to be done
 * @param by the supervisor, for messages
 * @param keeper the process id of the keeper, or {@code null} if there is none yet
 * @param file the pid file in which the supervisor looks, or {@code null} if it looks in
 * none
 */
public record Supervision(Kind kind, String by, @Nullable Long keeper, @Nullable Path file) {

	Supervision(Kind kind, String by, @Nullable Long keeper) {
		this(kind, by, keeper, null);
	}

	/**
	 * The name of the property that overrides the detection.
	 */
	static final String PROPERTY = "graceful.restart.supervisor";

	private static final String ENABLED = "graceful.restart.enabled";

	/**
	 * The variable with which a keeper's process id reaches later generations.
	 */
	public static final String KEEPER = "GRACEFUL_RESTART_KEEPER";

	/** The variable with the process id that systemd has started. */
	private static final String STARTED_BY_SYSTEMD = "SYSTEMD_EXEC_PID";

	private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

	/**
	 * Programs that exit, or start the service again, when the process that they started
	 * exits.
	 */
	private static final Set<String> SUPERVISORS = Set.of("tini", "docker-init", "dumb-init", "catatonit", "runsv",
			"s6-supervise", "supervisord");

	/**
	 * Return whether graceful restarts are enabled, before there are beans.
	 * @param environment the configuration
	 * @return whether they are
	 */
	public static boolean isWanted(Environment environment) {
		return environment.getProperty(ENABLED, Boolean.class, false);
	}

	/**
	 * Find out.
	 * @param environment the configuration
	 * @return the supervision of this process
	 */
	public static Supervision of(Environment environment) {
		Setting setting = Binder.get(environment).bind(PROPERTY, Setting.class).orElse(Setting.AUTO);
		boolean first = SuccessorFlag.own() == null;
		// The parent of a successor has adopted it, but not started the service
		return of(setting, System.getenv(), ProcessHandle.current().pid(), first ? parent() : null,
				first ? null : System.getenv(KEEPER));
	}

	static Supervision of(Setting setting, Map<String, String> environment, long pid, @Nullable String parent,
			@Nullable String keeper) {
		if (keeper != null && keeper.matches("[0-9]{1,9}")) {
			return new Supervision(Kind.KEEPER, "the keeper (pid " + keeper + ")", Long.valueOf(keeper));
		}
		Path file = PidFileSettings.ofUnit(environment);
		if (setting == Setting.NONE) {
			return new Supervision(Kind.NONE, PROPERTY + "=none", null);
		}
		if (file != null) {
			return new Supervision(Kind.PID_FILE, "systemd, which finds the service in " + file, null, file);
		}
		boolean main = String.valueOf(pid).equals(environment.get(STARTED_BY_SYSTEMD));
		if (main && environment.containsKey(NOTIFY_SOCKET)) {
			return new Supervision(Kind.UNSUITABLE, "systemd", null);
		}
		if (setting == Setting.KEEPER) {
			return new Supervision(Kind.KEEPER, PROPERTY + "=keeper", null);
		}
		if (pid == 1) {
			return new Supervision(Kind.KEEPER, "its container, whose PID 1 it is", null);
		}
		if (main) {
			return new Supervision(Kind.KEEPER, "systemd", null);
		}
		if (parent != null && SUPERVISORS.contains(parent)) {
			return new Supervision(Kind.KEEPER, parent, null);
		}
		return new Supervision(Kind.NONE, "no supervisor recognized", null);
	}

	private static @Nullable String parent() {
		long pid = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
		try {
			return Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * The setting of the operator.
	 */
	enum Setting {

		/** Detect the supervisor. */
		AUTO,

		/** The process that was started first must not end. */
		KEEPER,

		/** There is no supervisor. */
		NONE

	}

	/**
	 * What has to be done.
	 */
	public enum Kind {

		/** A file names the process that is the service. */
		PID_FILE,

		/** The process that was started first must not end. */
		KEEPER,

		/** Nothing has to be done. */
		NONE,

		/** The supervisor does not allow restarts. */
		UNSUITABLE;

		/**
		 * Return the word for it.
		 * @return such as {@code pid-file}
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

}
