package io.github.gracefulrestart.options;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;

/**
 * Says of a collision what would happen, what is done, and how to have it otherwise.
 */
final class CollisionMessage {

	private static final String PORTS = "graceful.restart.launch.colliding-ports";

	private static final String FILES = "graceful.restart.launch.colliding-files";

	private CollisionMessage() {
	}

	static String of(SharedOption option, String where, Remedy remedy, CollisionRule rule, String resource,
			String replacement) {
		boolean port = option.kind() == Kind.PORT;
		String what = (port ? "port " : "file ") + resource + " of the " + option.owner() + " (" + option.name() + " "
				+ where + ")";
		String property = port ? PORTS : FILES;
		return switch (remedy) {
			case DROPPED -> what + cannotShare(port) + ": the successor starts without it" + later(option, resource);
			case SHIFTED -> what + cannotShare(port) + ": the successor uses "
					+ (port ? "one that the system chooses" : replacement);
			case REFUSED -> what + cannotShare(port) + ((rule == CollisionRule.REFUSE)
					? ", and " + property
							+ "=refuse; set that to drop or shift, or start the service without the option"
					: ", and an option cannot be changed there; move it to the command line or start the service "
							+ "without it");
			case KEPT -> what + " is left to the successor as well, " + consequence(port)
					+ ((rule == CollisionRule.KEEP) ? " (" + property + "=keep)"
							: ", because an option cannot be changed there; move it to the command line");
		};
	}

	private static String cannotShare(boolean port) {
		return port ? " can be open in one process only" : " is for one process only";
	}

	private static String consequence(boolean port) {
		return port ? "which cannot start while this process has it open" : "and both write to it";
	}

	private static String later(SharedOption option, String port) {
		return option.name().endsWith("jmxremote.port") ? "; when this process is gone, jcmd <pid> "
				+ "ManagementAgent.start jmxremote.port=" + port + " opens it" : "";
	}

}
