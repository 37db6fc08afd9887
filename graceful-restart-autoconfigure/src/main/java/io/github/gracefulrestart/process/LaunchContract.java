package io.github.gracefulrestart.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.ChildDescriptors;

/**
 * The environment variables by which a JVM informs its successor, which may have another
 * version of this library. A variable keeps its name and the beginning of its value. A
 * successor ignores the rest of the value and unknown variables, and does not depend on
 * variables that an older predecessor does not set. It passes unknown variables on to its
 * own successor, so a variable that is added later may be trusted only if
 * {@link #PROTOCOL}, which is set at each launch, says that the predecessor knows it.
 * <p>
 * Processes that the successor starts inherit the variables as well, so they have no
 * meaning in a process that is not a successor. {@link ChildDescriptors} lists its
 * descriptors.
 */
final class LaunchContract {

	static final String PREFIX = "GRACEFUL_RESTART_";

	/** The process id of the predecessor. */
	static final String PREDECESSOR = PREFIX + "PREDECESSOR";

	/** The path of the control socket. */
	static final String SOCKET = PREFIX + "SOCKET";

	/** The token by which the successor proves its identity, valid for one launch. */
	static final String TOKEN = PREFIX + "TOKEN";

	/** The versions of the protocol and the features of the predecessor. */
	static final String PROTOCOL = PREFIX + "PROTOCOL";

	/** The generation of the successor, also for scripts and applications. */
	static final String GENERATION = PREFIX + "GENERATION";

	/**
	 * Whether the successor will never serve. Also read by applications whose start has
	 * effects that a dry run must not have.
	 */
	static final String DRY_RUN = PREFIX + "DRY_RUN";

	/**
	 * The keys of the listening sockets that the successor receives when it is launched.
	 */
	static final String LISTENERS = PREFIX + "LISTENERS";

	/** Whether a program of the operator starts the successor. */
	static final String COMMAND = PREFIX + "COMMAND";

	/** The numbers of the descriptors that the first generation was started with. */
	static final String INHERITED = PREFIX + "INHERITED";

	/** The program that the operator started, and the name by which it was started. */
	static final String EXECUTABLE = PREFIX + "EXECUTABLE";

	/** How many arguments were inserted before those of the operator. */
	static final String INSERTED_ARGUMENTS = PREFIX + "INSERTED_ARGUMENTS";

	/**
	 * The variables from the environment file, and the values that they have replaced.
	 */
	static final String FILE_VARIABLES = PREFIX + "FILE_VARIABLES";

	/** The changes in arguments and variables. */
	static final String CHANGED = PREFIX + "CHANGED";

	/** The number of the first descriptor of the launch. */
	static final String DESCRIPTORS = ChildDescriptors.VARIABLE;

	/**
	 * All of them, in the order of the protocol's description.
	 */
	static final List<String> VARIABLES = List.of(PREDECESSOR, SOCKET, TOKEN, PROTOCOL, GENERATION, DRY_RUN, LISTENERS,
			DESCRIPTORS, COMMAND, INHERITED, EXECUTABLE, INSERTED_ARGUMENTS, FILE_VARIABLES, CHANGED);

	private LaunchContract() {
	}

	/**
	 * Return the environment of this process.
	 * @param successor whether this process is a successor, so that the variables in its
	 * environment are about its own launch
	 * @return a copy
	 */
	static Map<String, String> environment(boolean successor) {
		Map<String, String> environment = new HashMap<>(System.getenv());
		// Each launch has its own
		environment.remove(DESCRIPTORS);
		if (!successor) {
			environment.keySet().removeAll(VARIABLES);
		}
		return environment;
	}

}
