package io.github.gracefulrestart.actuate;

import java.util.List;

import io.micrometer.core.instrument.Meter;

/**
 * Every meter with its type, tags and description.
 */
public enum RestartMeter {

	/**
	 * Requested restarts.
	 */
	ATTEMPTS("attempts", Meter.Type.COUNTER, "Requested restarts, by trigger and outcome", "trigger,outcome"),

	/**
	 * Start of successors.
	 */
	READY("ready", Meter.Type.TIMER, "Time from the launch of a successor until it was ready"),

	/**
	 * Gap between the processes.
	 */
	HANDOVER_GAP("handover.gap", Meter.Type.TIMER,
			"Time from the last connection that a predecessor accepted to the first that its successor accepted; 0 if "
					+ "they overlapped"),

	/**
	 * Drains.
	 */
	DRAIN("drain", Meter.Type.TIMER, "Time that predecessors took to drain"),

	/**
	 * Connections of predecessors.
	 */
	CONNECTIONS("connections", Meter.Type.COUNTER, "Connections of predecessors, by what happened to them", "fate"),

	/**
	 * Active connections of a draining process.
	 */
	DRAINING("connections.draining", Meter.Type.GAUGE,
			"Active connections of this process while it drains, otherwise 0"),

	/**
	 * Generation.
	 */
	GENERATION("generation", Meter.Type.GAUGE, "Generation of this process");

	private final String meterName;

	private final Meter.Type type;

	private final String description;

	private final String tags;

	RestartMeter(String name, Meter.Type type, String description) {
		this(name, type, description, "");
	}

	RestartMeter(String name, Meter.Type type, String description, String tags) {
		this.meterName = "graceful.restart." + name;
		this.type = type;
		this.description = description;
		this.tags = tags;
	}

	/**
	 * Return the name of the meter.
	 * @return the name
	 */
	public String meterName() {
		return this.meterName;
	}

	/**
	 * Return the type of the meter.
	 * @return the type
	 */
	public Meter.Type type() {
		return this.type;
	}

	/**
	 * Return the keys of the meter's tags.
	 * @return the keys
	 */
	public List<String> tags() {
		return this.tags.isEmpty() ? List.of() : List.of(this.tags.split(","));
	}

	/**
	 * Return the description of the meter.
	 * @return a phrase without a full stop
	 */
	public String description() {
		return this.description;
	}

}
