package io.github.gracefulrestart.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.posix.ChildDescriptors;

/**
 * The environment variables with which a JVM speaks to its successor, which may be of
 * another version of this library: a variable keeps its name and the beginning of its
 * value, a successor ignores what follows and the variables that it does not know, and
 * does without those that an older predecessor does not set. It passes on to its own
 * successor what it does not know, so that a variable that is added is to be believed
 * only if {@link #PROTOCOL}, which is always set anew, says that the predecessor knows
 * it.
 * <p>
 * Whatever the successor starts inherits the variables as well, so they mean nothing in a
 * process that is no successor. {@link ChildDescriptors} says which descriptors it has.
 */
final class LaunchContract {

	static final String PREFIX = "GRACEFUL_RESTART_";

	/** The process id of the predecessor. */
	static final String PREDECESSOR = PREFIX + "PREDECESSOR";

	/** The path of the control socket. */
	static final String SOCKET = PREFIX + "SOCKET";

	/** What the successor proves with who it is, good for one launch. */
	static final String TOKEN = PREFIX + "TOKEN";

	/** Which versions of the protocol and features the predecessor has. */
	static final String PROTOCOL = PREFIX + "PROTOCOL";

	/** The generation of the successor, also for scripts and applications. */
	static final String GENERATION = PREFIX + "GENERATION";

	/**
	 * Whether the successor will not serve, also for applications whose start does what
	 * must not be done in vain.
	 */
	static final String DRY_RUN = PREFIX + "DRY_RUN";

	/** What the listening sockets are that the successor has from its beginning. */
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

	/** Where the descriptors of the launch begin. */
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
	 * @param successor whether this process is a successor, so that it may believe what
	 * its environment says of its launch
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
