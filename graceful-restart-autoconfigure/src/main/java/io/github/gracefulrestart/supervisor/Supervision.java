package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import io.github.gracefulrestart.process.SuccessorFlag;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Who watches the process that the service was started as, and what has to be done
 * therefore when that process leaves.
 *
 * @param kind what has to be done
 * @param by who watches, for people
 * @param keeper the process id of the keeper, or {@code null} if there is none yet
 */
public record Supervision(Kind kind, String by, @Nullable Long keeper) {

	/**
	 * The name of the property that decides where this process does not find out.
	 */
	static final String PROPERTY = "graceful.restart.supervisor";

	private static final String ENABLED = "graceful.restart.enabled";

	/**
	 * The variable with which a keeper's process id reaches later generations.
	 */
	public static final String KEEPER = "GRACEFUL_RESTART_KEEPER";

	/** Names the process that systemd has started. */
	private static final String STARTED_BY_SYSTEMD = "SYSTEMD_EXEC_PID";

	private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

	/** Programs that end, or start another service, when the process exits they know. */
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
	 * @return who watches this process
	 */
	public static Supervision of(Environment environment) {
		Setting setting = Binder.get(environment).bind(PROPERTY, Setting.class).orElse(Setting.AUTO);
		boolean first = SuccessorFlag.own() == null;
		// Whoever has got hold of a successor has not started it
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
			return new Supervision(Kind.PID_FILE, "systemd, which finds the service in " + file, null);
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
		return new Supervision(Kind.NONE, "nobody", null);
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
	 * What the operator says.
	 */
	enum Setting {

		/** Find out. */
		AUTO,

		/** The process that was started first must not end. */
		KEEPER,

		/** Nobody watches. */
		NONE

	}

	/**
	 * What has to be done.
	 */
	public enum Kind {

		/** A file tells which process is the service. */
		PID_FILE,

		/** The process that was started first must not end. */
		KEEPER,

		/** Nothing. */
		NONE,

		/** Something that cannot be done. */
		UNSUITABLE

	}

}
