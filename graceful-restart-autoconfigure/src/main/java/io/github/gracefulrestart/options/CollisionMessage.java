package io.github.gracefulrestart.options;

import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;
import org.jspecify.annotations.Nullable;

/**
 * Describes a collision: what would happen, what is done, and how to change that.
 */
final class CollisionMessage {

	private static final String PORTS = "graceful.restart.launch.colliding-ports";

	private static final String FILES = "graceful.restart.launch.colliding-files";

	private CollisionMessage() {
	}

	static String of(SharedOption option, String where, Remedy remedy, CollisionRule rule, String resource,
			@Nullable String replacement) {
		Kind kind = option.kind();
		String what = noun(kind) + resource + " of the " + option.owner() + " (" + option.name() + " " + where + ")";
		String property = (kind == Kind.FILE) ? FILES : PORTS;
		return switch (remedy) {
			case DROPPED -> what + cannotShare(kind) + ": the successor starts without it" + later(option, resource);
			case SHIFTED -> what + cannotShare(kind) + ": the successor uses "
					+ ((kind == Kind.FILE) ? replacement : "one that the system chooses");
			case REFUSED -> what + cannotShare(kind) + ((rule == CollisionRule.REFUSE)
					? ", and " + property
							+ "=refuse; set that to drop or shift, or start the service without the option"
					: ", and an option cannot be changed there; move it to the command line or start the service "
							+ "without it");
			case KEPT -> "the successor keeps " + what + ", " + consequence(kind)
					+ ((rule == CollisionRule.KEEP) ? " (" + property + "=keep)"
							: ", because an option cannot be changed there; move it to the command line");
		};
	}

	/**
	 * For an agent, the text of the resource itself names a port or a directory.
	 */
	private static String noun(Kind kind) {
		return switch (kind) {
			case PORT -> "port ";
			case FILE -> "file ";
			case AGENT -> "";
		};
	}

	private static String cannotShare(Kind kind) {
		return switch (kind) {
			case PORT -> " can be open in one process only";
			case FILE -> " is for one process only";
			case AGENT -> " can be used by one process only";
		};
	}

	private static String consequence(Kind kind) {
		return switch (kind) {
			case PORT -> "but cannot start while this process has it open";
			case FILE -> "and both processes write to it";
			case AGENT -> "but cannot start while this process uses it, or starts without this agent";
		};
	}

	private static String later(SharedOption option, String port) {
		if (option.kind() == Kind.AGENT) {
			return ", and nothing will listen there when this process has exited";
		}
		return option.name().endsWith("jmxremote.port") ? "; when this process has exited, jcmd <pid> "
				+ "ManagementAgent.start jmxremote.port=" + port + " opens it" : "";
	}

}
