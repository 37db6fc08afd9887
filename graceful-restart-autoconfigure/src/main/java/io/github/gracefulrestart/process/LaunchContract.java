package io.github.gracefulrestart.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.ChildDescriptors;

/**
 * The environment variables with which a JVM speaks to its successor. Whatever the
 * successor starts inherits them as well, so they mean nothing in a process that is no
 * successor.
 */
final class LaunchContract {

	static final String PREFIX = "GRACEFUL_RESTART_";

	static final String PREDECESSOR = PREFIX + "PREDECESSOR";

	static final String SOCKET = PREFIX + "SOCKET";

	static final String TOKEN = PREFIX + "TOKEN";

	static final String LISTENERS = PREFIX + "LISTENERS";

	/** Whether a program of the operator's starts the successor. */
	static final String COMMAND = PREFIX + "COMMAND";

	/** The numbers of the descriptors that the first generation was started with. */
	static final String INHERITED = PREFIX + "INHERITED";

	/** The program that the operator started, and the name it goes by. */
	static final String EXECUTABLE = PREFIX + "EXECUTABLE";

	/** How many arguments were inserted in front of the operator's. */
	static final String INSERTED_ARGUMENTS = PREFIX + "INSERTED_ARGUMENTS";

	/** What came from the environment file, and what that has replaced. */
	static final String FILE_VARIABLES = PREFIX + "FILE_VARIABLES";

	/** What was changed in arguments and variables. */
	static final String CHANGED = PREFIX + "CHANGED";

	private static final List<String> VARIABLES = List.of(PREDECESSOR, SOCKET, TOKEN, SuccessorFlag.GENERATION,
			SuccessorFlag.DRY_RUN, LISTENERS, COMMAND, INHERITED, EXECUTABLE, INSERTED_ARGUMENTS, FILE_VARIABLES,
			CHANGED);

	private LaunchContract() {
	}

	/**
	 * Return the environment of this process.
	 * @param successor whether this process is a successor, so that it may believe what
	 * its environment says of its launch
	 * @return a copy
	 */
	static Map<String, String> environment(boolean successor) {
		Map<String, String> environment = new HashMap<>(System.getenv());
		// Each launch has its own
		environment.remove(ChildDescriptors.VARIABLE);
		if (!successor) {
			environment.keySet().removeAll(VARIABLES);
		}
		return environment;
	}

}
