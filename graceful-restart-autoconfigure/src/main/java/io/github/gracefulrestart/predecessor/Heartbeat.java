package io.github.gracefulrestart.predecessor;

import java.io.IOException;
import java.time.Duration;

import io.github.gracefulrestart.handover.ControlConnection;
import io.github.gracefulrestart.handover.Message.Ping;
import io.github.gracefulrestart.state.Ticker;

/**
 * Checks regularly that the successor responds. A process that hangs keeps its connection
 * and its gates open, so only missing answers reveal it.
 */
final class Heartbeat {

	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

	private final ControlConnection control;

	private final long limit;

	private final long interval;

	private final Ticker clock;

	private long lastAsked;

	private long lastConfirmed;

	private boolean waiting;

	/**
	 * Begin.
	 * @param control the connection to the successor
	 * @param limit how long the successor may be silent
	 * @param clock stands still while this process is suspended, because that time must
	 * not count against the successor
	 */
	Heartbeat(ControlConnection control, Duration limit, Ticker clock) {
		this.control = control;
		this.clock = clock;
		this.lastAsked = clock.now();
		this.lastConfirmed = this.lastAsked;
		this.limit = limit.toNanos();
		this.interval = Math.min(this.limit / 4, LONGEST_INTERVAL.toNanos());
	}

	/**
	 * Check, and send a PING if one is due. To be called several times in each interval.
	 * @return whether the successor has been silent for too long
	 * @throws IOException if the successor is gone
	 */
	boolean step() throws IOException {
		long now = this.clock.now();
		if (!this.waiting && now - this.lastAsked >= this.interval) {
			ask(now);
		}
		return this.waiting && now - this.lastAsked > this.limit;
	}

	private void ask(long now) throws IOException {
		this.waiting = true;
		this.lastAsked = now;
		this.control.send(new Ping());
	}

	/**
	 * The successor has answered.
	 */
	void answered() {
		this.waiting = false;
		this.lastConfirmed = this.lastAsked;
	}

	/**
	 * Return whether the successor has answered a question that was asked at a certain
	 * time or later, and ask it if it has not been.
	 * @param since the time, on the clock of this object
	 * @throws IOException if the successor is gone
	 */
	boolean isConfirmed(long since) throws IOException {
		if (this.lastConfirmed - since >= 0) {
			return true;
		}
		if (!this.waiting) {
			ask(this.clock.now());
		}
		return false;
	}

}
