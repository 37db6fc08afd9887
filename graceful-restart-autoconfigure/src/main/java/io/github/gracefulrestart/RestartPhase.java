package io.github.gracefulrestart;

import java.util.Locale;
import java.util.Set;

/**
 * Where a JVM stands in the sequence of generations. Each constant says who accepts
 * connections.
 *
 * @since 0.1.0
 */
public enum RestartPhase {

	/**
	 * A first generation starts. It accepts from the moment that Spring Boot starts its
	 * web server; a restart is refused until the application is ready.
	 */
	STARTING,

	/**
	 * A successor starts. The predecessor accepts; this JVM's gates are closed.
	 */
	INHERITING,

	/**
	 * A successor serves while its predecessor drains. This JVM accepts; a restart is
	 * refused until the predecessor is gone.
	 */
	SUCCEEDING,

	/**
	 * This JVM serves alone, and no restart is under way. It accepts.
	 */
	SERVING,

	/**
	 * A restart was requested and is being checked. This JVM accepts.
	 */
	PREFLIGHT,

	/**
	 * The successor is being launched and has not connected yet. This JVM accepts.
	 */
	LAUNCHING,

	/**
	 * The successor starts. This JVM accepts.
	 */
	AWAITING_READY,

	/**
	 * The successor may open its gates, then this JVM closes its own. Both accept for a
	 * moment.
	 */
	HANDING_OVER,

	/**
	 * The successor accepts; this JVM completes the requests and connections that it has
	 * accepted.
	 */
	DRAINING,

	/**
	 * The successor accepts; this JVM has completed the drain, and rolls back if the
	 * successor fails.
	 */
	PROBATION,

	/**
	 * This JVM closes its application context and exits. After a restart the successor
	 * accepts, otherwise no process does.
	 */
	LEAVING;

	/**
	 * Return the phases that may follow this one.
	 * @return the legal moves
	 */
	public Set<RestartPhase> next() {
		return switch (this) {
			case STARTING -> Set.of(SERVING, LEAVING);
			case INHERITING -> Set.of(SUCCEEDING, SERVING, LEAVING);
			case SUCCEEDING -> Set.of(SERVING, LEAVING);
			case SERVING -> Set.of(PREFLIGHT, LEAVING);
			case PREFLIGHT -> Set.of(LAUNCHING, SERVING, LEAVING);
			case LAUNCHING -> Set.of(AWAITING_READY, SERVING, LEAVING);
			case AWAITING_READY -> Set.of(HANDING_OVER, SERVING, LEAVING);
			case HANDING_OVER -> Set.of(DRAINING, SERVING, LEAVING);
			case DRAINING -> Set.of(PROBATION, LEAVING, SERVING);
			case PROBATION -> Set.of(LEAVING, SERVING);
			case LEAVING -> Set.of();
		};
	}

	/**
	 * Return the name for messages and reports.
	 * @return the name in lower case with hyphens
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
