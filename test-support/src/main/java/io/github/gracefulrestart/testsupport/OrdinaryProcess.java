package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Starts programs so that no signal is ignored, however the tests were started. Under
 * {@code nohup} a JVM ignores {@code SIGHUP}, in the background of a script
 * {@code SIGINT}; so does all that it starts, and no program in Java can change that.
 */
public final class OrdinaryProcess {

	/** A program of coreutils, which replaces itself with the one it is given. */
	private static final List<String> LAUNCHER = List.of("env", "--default-signal");

	/** HUP, INT, QUIT, USR2 and TERM. */
	private static final Set<Integer> OF_INTEREST = Set.of(1, 2, 3, 12, 15);

	private OrdinaryProcess() {
	}

	/**
	 * Prepare a program.
	 * @param command the program and its arguments
	 * @return what starts it with the default action of every signal
	 */
	public static ProcessBuilder builder(String... command) {
		return builder(List.of(command));
	}

	/**
	 * Prepare a program.
	 * @param command the program and its arguments
	 * @return what starts it with the default action of every signal
	 */
	public static ProcessBuilder builder(List<String> command) {
		List<String> launched = new ArrayList<>(Probe.LAUNCHER);
		launched.addAll(command);
		return new ProcessBuilder(launched);
	}

	/**
	 * Looked for once.
	 */
	private static final class Probe {

		private static final List<String> LAUNCHER = find();

		private static List<String> find() {
			List<String> probe = new ArrayList<>(OrdinaryProcess.LAUNCHER);
			probe.add("true");
			try {
				if (new ProcessBuilder(probe).start().waitFor() == 0) {
					return OrdinaryProcess.LAUNCHER;
				}
			}
			catch (IOException ex) {
				// There is none
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException("Interrupted", ex);
			}
			List<Integer> ignored = ProcFs.ignored(ProcessHandle.current().pid())
				.stream()
				.filter(OF_INTEREST::contains)
				.toList();
			if (!ignored.isEmpty()) {
				throw new IllegalStateException("This JVM was started with signals ignored (" + ignored
						+ "), as by nohup or in the background of a script. What it starts would ignore them, too: "
						+ "start it otherwise, or install coreutils 8.31 or later, whose 'env --default-signal' helps");
			}
			return List.of();
		}

	}

}
