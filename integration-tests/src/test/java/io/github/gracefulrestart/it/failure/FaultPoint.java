package io.github.gracefulrestart.it.failure;

import java.util.Arrays;
import java.util.List;

/**
 * A point of a restart at which one of the two processes has a fault.
 */
public enum FaultPoint {

	LAUNCHED(Role.PREDECESSOR, "launched", "has launched the successor"),

	HELLO_RECEIVED(Role.PREDECESSOR, "received Hello", "has received HELLO"),

	WELCOME_SENT(Role.PREDECESSOR, "sent Welcome", "has sent WELCOME with the listening sockets"),

	READY_RECEIVED(Role.PREDECESSOR, "received Ready", "has received READY"),

	HANDING_OVER(Role.PREDECESSOR, "phase HANDING_OVER", "enters `HANDING_OVER`, about to send PROCEED"),

	PROCEED_SENT(Role.PREDECESSOR, "sent Proceed", "has sent PROCEED"),

	SERVING_RECEIVED(Role.PREDECESSOR, "received Serving", "has received SERVING"),

	RELIEVING(Role.PREDECESSOR, "before Relieved", "has closed its gates, about to send RELIEVED"),

	DRAINING(Role.PREDECESSOR, "phase DRAINING", "enters `DRAINING`, has sent RELIEVED"),

	CONNECTIONS_SENT(Role.PREDECESSOR, "sent Connections", "has sent CONNECTIONS with idle connections"),

	ADOPTED_RECEIVED(Role.PREDECESSOR, "received Adopted", "has received ADOPTED"),

	PROBATION(Role.PREDECESSOR, "phase PROBATION", "enters `PROBATION`"),

	PING_SENT(Role.PREDECESSOR, "sent Ping", "has sent PING"),

	PONG_RECEIVED(Role.PREDECESSOR, "received Pong", "has received PONG"),

	REPORT_BEFORE(Role.PREDECESSOR, "before Report", "is about to send REPORT"),

	REPORT_SENT(Role.PREDECESSOR, "sent Report", "has sent REPORT"),

	LEAVING(Role.PREDECESSOR, "phase LEAVING", "enters `LEAVING`"),

	RESTART_THREAD(Role.PREDECESSOR, "thread graceful-restart", "starts the thread of the restart"),

	EVENTS_THREAD(Role.PREDECESSOR, "thread graceful-restart-events", "starts the thread that publishes events"),

	CONTROL_THREAD(Role.PREDECESSOR, "thread graceful-restart-control",
			"starts the thread that listens to the successor"),

	END_THREAD(Role.PREDECESSOR, "thread graceful-restart-end", "starts the thread that watches its end"),

	LEFT_SENT(Role.PREDECESSOR, "sent Left", "has closed its application context and sent LEFT"),

	HELLO_BEFORE(Role.SUCCESSOR, "before Hello", "is connected, about to send HELLO"),

	HELLO_SENT(Role.SUCCESSOR, "sent Hello", "has sent HELLO"),

	WELCOME_RECEIVED(Role.SUCCESSOR, "received Welcome", "has received WELCOME with the listening sockets"),

	READY_BEFORE(Role.SUCCESSOR, "before Ready", "is ready, about to send READY"),

	READY_SENT(Role.SUCCESSOR, "sent Ready", "has sent READY"),

	PROCEED_RECEIVED(Role.SUCCESSOR, "received Proceed", "has received PROCEED"),

	SERVING_BEFORE(Role.SUCCESSOR, "before Serving", "has opened its gates, about to send SERVING"),

	SUCCEEDING(Role.SUCCESSOR, "phase SUCCEEDING", "enters `SUCCEEDING`, has sent SERVING"),

	RELIEVED_RECEIVED(Role.SUCCESSOR, "received Relieved", "has received RELIEVED"),

	CONNECTIONS_RECEIVED(Role.SUCCESSOR, "received Connections", "has received CONNECTIONS with idle connections"),

	ADOPTED_SENT(Role.SUCCESSOR, "sent Adopted", "has sent ADOPTED"),

	PING_RECEIVED(Role.SUCCESSOR, "received Ping", "has received PING"),

	PONG_SENT(Role.SUCCESSOR, "sent Pong", "has sent PONG"),

	REPORT_RECEIVED(Role.SUCCESSOR, "received Report", "has received REPORT"),

	LEFT_RECEIVED(Role.SUCCESSOR, "received Left", "has received LEFT"),

	PROBE_THREAD(Role.SUCCESSOR, "thread graceful-restart-probe", "starts the thread that prepares its own restarts"),

	SUCCESSOR_THREAD(Role.SUCCESSOR, "thread graceful-restart", "starts the thread that follows its predecessor"),

	TAKEOVER_EVENTS_THREAD(Role.SUCCESSOR, "thread graceful-restart-events",
			"starts the thread that publishes events of its own"),

	WATCH_THREAD(Role.SUCCESSOR, "thread graceful-restart-watch", "starts the thread that watches itself"),

	PREDECESSOR_END_THREAD(Role.SUCCESSOR, "thread graceful-restart-predecessor-end",
			"starts the thread that waits for the predecessor's end");

	private final Role role;

	private final String name;

	private final String label;

	FaultPoint(Role role, String name, String label) {
		this.role = role;
		this.name = name;
		this.label = label;
	}

	/**
	 * Return those of the table.
	 * @param role which process has the fault
	 * @return the points, in the order of a restart
	 */
	public static List<FaultPoint> of(Role role) {
		return withThreads(role).stream().filter((point) -> !point.isStartOfThread()).toList();
	}

	/**
	 * Return all, those included at which a thread is to be started.
	 */
	static List<FaultPoint> withThreads(Role role) {
		return Arrays.stream(values()).filter((point) -> point.role == role).toList();
	}

	public Role role() {
		return this.role;
	}

	/**
	 * Return what {@link FaultInjector} calls it.
	 * @return the name
	 */
	public String injectorName() {
		return this.name;
	}

	String label() {
		return this.label;
	}

	/**
	 * Whether there is something that the fault can be done to.
	 */
	boolean isPossible(FaultAction action) {
		return this != LAUNCHED || (action != FaultAction.CLOSE && action != FaultAction.GARBAGE);
	}

	private boolean isStartOfThread() {
		return this.name.startsWith("thread ");
	}

	/**
	 * Whether the successor has been launched.
	 */
	boolean isAfterLaunch() {
		return this != RESTART_THREAD && this != EVENTS_THREAD;
	}

	/**
	 * Whether the successor has the listening sockets.
	 */
	boolean isAfterWelcome() {
		return this != LAUNCHED && this != HELLO_RECEIVED && this != HELLO_BEFORE && this != HELLO_SENT;
	}

	/**
	 * The process that has the fault.
	 */
	public enum Role {

		PREDECESSOR, SUCCESSOR

	}

}
