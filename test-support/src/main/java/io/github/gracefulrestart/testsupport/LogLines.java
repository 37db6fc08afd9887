package io.github.gracefulrestart.testsupport;

import java.util.regex.Pattern;

/**
 * The log lines of the starter that tests and benchmarks wait for or look for. When a
 * line of the library is reworded, it is reworded here, too, and nowhere else.
 */
public final class LogLines {

	/**
	 * The successor has been launched; its pid follows.
	 */
	public static final String LAUNCHED = "launched successor (pid ";

	/**
	 * The successor with its pid as a group.
	 */
	public static final Pattern LAUNCHED_PID = Pattern.compile("launched successor \\(pid (\\d+)\\)");

	/**
	 * Some generation serves.
	 */
	public static final String SERVING = "Serving as generation";

	/**
	 * Some process has taken over, and its predecessor drains.
	 */
	public static final String TAKEN_OVER = "serves as generation";

	/**
	 * A drain has begun, with the number of active connections as a group.
	 */
	public static final Pattern ACTIVE = Pattern.compile("Draining \\d+ connections \\((\\d+) active\\)");

	/**
	 * The predecessor may roll back for a time, which follows.
	 */
	public static final String CAN_ROLL_BACK = "and can roll back for ";

	/**
	 * The predecessor has drained and exits; the pid of the successor follows.
	 */
	public static final String HANDED_OVER = "Exiting; the service continues as pid";

	/**
	 * Some predecessor has exited.
	 */
	public static final String ANY_PREDECESSOR_GONE = ") has exited";

	/**
	 * A restart was rolled back.
	 */
	public static final String ROLLED_BACK = "Graceful restart rolled back";

	/**
	 * A restart failed; the reason follows.
	 */
	public static final String FAILED = "Graceful restart failed: ";

	/**
	 * The service was told to stop during a restart.
	 */
	public static final String STOPPED = "Shutdown requested during a graceful restart";

	/**
	 * Graceful restarts do not work here; the reason follows.
	 */
	public static final String UNAVAILABLE = "Graceful restarts are unavailable";

	/**
	 * A connection to the control socket was not that of the successor.
	 */
	public static final String INTRUDER = "Control socket: a process that is not the successor connected to the control "
			+ "socket";

	private LogLines() {
	}

	/**
	 * Return the log line of a predecessor whose successor has taken over.
	 * @param generation the generation of the successor
	 * @return the line, or a part of it
	 */
	public static String takenOver(int generation) {
		return TAKEN_OVER + " " + generation + ". Draining";
	}

	/**
	 * Return the log line of a successor whose predecessor has exited.
	 * @param pid the predecessor's
	 * @return the line, or a part of it
	 */
	public static String predecessorGone(long pid) {
		return "Predecessor (pid " + pid + ANY_PREDECESSOR_GONE;
	}

	/**
	 * Return the log line of a successor whose predecessor has exited.
	 * @param pid the predecessor's
	 * @param generation that of the successor
	 * @return the line, or a part of it
	 */
	public static String servesAlone(long pid, int generation) {
		return predecessorGone(pid) + ". Generation " + generation + " serves alone";
	}

	/**
	 * Return what a successor says when its predecessor has died before the handover.
	 * @param pid the predecessor's
	 * @return the line, or a part of it
	 */
	public static String predecessorDied(long pid) {
		return "Predecessor (pid " + pid + ") died before the handover";
	}

	/**
	 * Return the end of the line about a restart that did not succeed.
	 * @param generation the generation that continues
	 * @return the line, or a part of it
	 */
	public static String continuing(int generation) {
		return "Continuing to serve as generation " + generation;
	}

	/**
	 * Return the start of the line about a refused restart.
	 * @param trigger the trigger, such as {@code signal USR2}
	 * @return the line, or a part of it
	 */
	public static String refused(String trigger) {
		return "Graceful restart requested by " + trigger + " refused: ";
	}

	/**
	 * Return what a predecessor says that is told to stop during a restart.
	 * @param successor the pid of the successor
	 * @return the line, or a part of it
	 */
	public static String stoppingFirst(long successor) {
		return STOPPED + ". Stopping successor (pid " + successor + ") first";
	}

	/**
	 * Return what a predecessor says that stops because its successor does.
	 * @param successor the pid of the successor
	 * @return the line, or a part of it
	 */
	public static String stoppingToo(long successor) {
		return "Shutting down too, because successor (pid " + successor + ") was asked to shut down";
	}

	/**
	 * Return what a successor says that is told to stop while its predecessor is running.
	 * @param predecessor the pid of the predecessor
	 * @return the line, or a part of it
	 */
	public static String stoppingAlone(long predecessor) {
		return "Shutting down. Predecessor (pid " + predecessor
				+ ") rolls back. To stop the service, stop that process";
	}

}
