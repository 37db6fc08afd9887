package io.github.gracefulrestart.restart;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finishes what this JVM has accepted. The owner calls {@link #step()} again and again
 * until it says that all is done.
 */
final class Drain {

	/**
	 * How often to look: nothing tells when a connection becomes idle, and the look is
	 * cheap.
	 */
	static final Duration INTERVAL = Duration.ofMillis(10);

	/**
	 * Looking through thousands of connections may take longer than the interval: at most
	 * one part in so many of the time is spent on it.
	 */
	private static final int LOOK_SHARE = 20;

	private static final Log logger = LogFactory.getLog(Drain.class);

	private final List<ListenerHost> inherited;

	private final List<ListenerHost> abandoned;

	private final List<ListenerHost> all;

	private final @Nullable ConnectionMover mover;

	private final long drainTimeout;

	private final long keepUntil;

	private long deadline;

	private final long keepAliveGrace;

	private long nextLook = System.nanoTime();

	private long lastActivity = System.nanoTime();

	private DrainSummary lastSummary = DrainSummary.NONE;

	private boolean abandonedClosed;

	/**
	 * Begin.
	 * @param inherited the hosts whose listener the successor serves on, gates closed
	 * @param abandoned the hosts whose listener nobody wants any more; they accept until
	 * the others are drained, because whoever connects there now has no other place
	 * @param mover moves connections to the successor, or {@code null} if they stay
	 * @param settings the limits
	 * @param keepUntil until when the abandoned listeners stay open because this process
	 * may have to take back, on the clock of {@link System#nanoTime()}
	 */
	Drain(List<ListenerHost> inherited, List<ListenerHost> abandoned, @Nullable ConnectionMover mover,
			RestartSettings settings, long keepUntil) {
		this.mover = settings.moveConnections() ? mover : null;
		this.inherited = inherited;
		this.abandoned = abandoned;
		this.all = Stream.concat(inherited.stream(), abandoned.stream()).toList();
		this.keepUntil = keepUntil;
		this.drainTimeout = settings.drainTimeout().toNanos();
		this.deadline = System.nanoTime() + this.drainTimeout;
		this.keepAliveGrace = settings.keepAliveGrace().toNanos();
		inherited.forEach((host) -> host.beginDrain(this.mover != null));
		abandoned.forEach((host) -> host.beginDrain(false));
	}

	/**
	 * Look, and do what is due.
	 * @return whether no connection is left
	 * @throws IOException if the successor is gone
	 */
	boolean step() throws IOException {
		long now = System.nanoTime();
		if (now - this.nextLook >= 0) {
			this.all.forEach(ListenerHost::continueDrain);
			this.nextLook = now + Math.max(INTERVAL.toNanos(), (System.nanoTime() - now) * LOOK_SHARE);
		}
		if (this.mover != null && this.mover.step(this.inherited)) {
			this.lastActivity = now;
			return false;
		}
		List<ListenerHost> hosts = this.abandonedClosed ? this.all : this.inherited;
		ConnectionCount count = count(hosts);
		noteActivity(count);
		boolean timeIsUp = now - this.deadline >= 0;
		if (timeIsUp || (count.active() == 0 && now - this.lastActivity >= this.keepAliveGrace)) {
			hosts.forEach(ListenerHost::closeIdle);
		}
		if (timeIsUp) {
			hosts.forEach(ListenerHost::cut);
		}
		else if (count(hosts).total() > 0) {
			return false;
		}
		boolean done = this.abandonedClosed || this.abandoned.isEmpty();
		if (now - this.keepUntil >= 0) {
			closeAbandoned();
		}
		return done;
	}

	private void noteActivity(ConnectionCount count) {
		DrainSummary summary = summary();
		if (count.active() > 0 || !summary.equals(this.lastSummary)) {
			this.lastActivity = System.nanoTime();
			this.lastSummary = summary;
		}
	}

	private void closeAbandoned() {
		if (this.abandonedClosed) {
			return;
		}
		this.abandonedClosed = true;
		// Where they have accepted until the end of probation, requests get their time
		// too
		this.deadline = Math.max(this.deadline, this.keepUntil + this.drainTimeout);
		for (ListenerHost host : this.abandoned) {
			try {
				host.closeListener(false);
			}
			catch (IOException ex) {
				logger.warn(
						"Listener " + host.listener() + " could not be closed; it is closed when this process exits",
						ex);
			}
		}
	}

	private static ConnectionCount count(List<ListenerHost> hosts) {
		return hosts.stream().map(ListenerHost::connections).reduce(ConnectionCount.NONE, ConnectionCount::plus);
	}

	DrainSummary summary() {
		return this.all.stream().map(ListenerHost::drained).reduce(DrainSummary.NONE, DrainSummary::plus);
	}

	void cancel() {
		this.all.forEach(ListenerHost::cancelDrain);
	}

}
