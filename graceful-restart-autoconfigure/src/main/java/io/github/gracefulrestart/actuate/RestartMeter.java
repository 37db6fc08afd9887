package io.github.gracefulrestart.actuate;

/**
 * Every meter and its tags.
 *
 * @since 0.1.0
 */
public enum RestartMeter {

	/**
	 * Counter of restarts that were asked for. Tags: {@code trigger}, {@code outcome}.
	 */
	ATTEMPTS("graceful.restart.attempts"),

	/**
	 * Timer from the launch of a successor until it was ready.
	 */
	READY("graceful.restart.ready"),

	/**
	 * Timer from the last connection that a predecessor took to the first that its
	 * successor took; 0 if they overlapped.
	 */
	HANDOVER_GAP("graceful.restart.handover.gap"),

	/**
	 * Timer of drains.
	 */
	DRAIN("graceful.restart.drain"),

	/**
	 * Counter of a predecessor's connections by what became of them. Tag: {@code fate},
	 * one of {@code moved}, {@code lost} (moved to a successor that then ended),
	 * {@code told}, {@code finished}, {@code closed-idle}, {@code cut}.
	 */
	CONNECTIONS("graceful.restart.connections"),

	/**
	 * Gauge of the connections that are active while this process drains, otherwise 0.
	 */
	DRAINING("graceful.restart.connections.draining"),

	/**
	 * Gauge of this process's generation.
	 */
	GENERATION("graceful.restart.generation");

	private final String meterName;

	RestartMeter(String meterName) {
		this.meterName = meterName;
	}

	/**
	 * Return the name of the meter.
	 * @return the name
	 */
	public String meterName() {
		return this.meterName;
	}

}
