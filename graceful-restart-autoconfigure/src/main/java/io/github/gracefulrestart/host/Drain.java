package io.github.gracefulrestart.host;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * Completes the requests and connections that this JVM has accepted. The owner calls
 * {@link #step()} repeatedly until the drain is complete.
 * <p>
 * A connection that cannot move stays until its client has been told with a response, or
 * as long as this process stays anyway. The drain timeout of a request counts from its
 * start. After twice that time everything is aborted, including a connection that always
 * has another request. Time in which this process is suspended does not count, because it
 * has not served any request in that time.
 */
public final class Drain {

	/**
	 * How often to search the connections: Tomcat does not report when one becomes idle,
	 * and the search is cheap.
	 */
	public static final Duration INTERVAL = Duration.ofMillis(10);

	/**
	 * Searching thousands of connections may take longer than the interval: at most this
	 * fraction of the time is spent on it.
	 */
	private static final int LOOK_SHARE = 20;

	/**
	 * How long before the end of the drain the remaining clients are told.
	 */
	private static final Duration LAST_CALL = Duration.ofSeconds(2);

	private static final int QUARTER = 4;

	private final Group inherited;

	private final Group abandoned;

	private final @Nullable ConnectionMoves mover;

	private final Ticker clock;

	private final long drainTimeout;

	/**
	 * Until when the abandoned listeners accept, because this process may have to roll
	 * back.
	 */
	private final long probationEnd;

	private final long keepAliveGrace;

	private long nextLook;

	/**
	 * Create a drain, which does nothing before {@link #begin()}.
	 * @param inherited the hosts whose listener the successor serves on, gates closed
	 * @param abandoned the hosts whose listener the successor does not have; they accept
	 * until the others are drained, because their clients cannot reach another process
	 * @param mover moves connections to the successor, or {@code null} if they stay
	 * @param settings the limits
	 * @param clock the clock of the thread that calls this object
	 * @param probationEnd until when the abandoned listeners accept because this process
	 * may have to roll back, on that clock
	 */
	public Drain(List<ListenerHost> inherited, List<ListenerHost> abandoned, @Nullable ConnectionMoves mover,
			RestartSettings settings, Ticker clock, long probationEnd) {
		this.mover = settings.moveConnections() ? mover : null;
		this.inherited = new Group(inherited);
		this.abandoned = new Group(abandoned);
		this.clock = clock;
		this.probationEnd = probationEnd;
		this.nextLook = clock.now();
		this.drainTimeout = settings.drainTimeout().toNanos();
		this.keepAliveGrace = Math.min(settings.keepAliveGrace().toNanos(), this.drainTimeout);
	}

	/**
	 * Begin. If that fails, {@link #cancel()} undoes the steps so far.
	 */
	public void begin() {
		this.inherited.begin(this.clock.now(), this.mover != null);
	}

	/**
	 * Do the next step.
	 * @return whether no connection is left
	 * @throws IOException if the successor is gone
	 */
	public boolean step() throws IOException {
		long now = this.clock.now();
		boolean look = now - this.nextLook >= 0;
		this.inherited.step(now, look);
		this.abandoned.step(now, look);
		boolean moving = this.mover != null && this.mover.step(this.inherited.drains, look);
		boolean done = look && !moving && end(now);
		if (look) {
			this.nextLook = now + Math.max(INTERVAL.toNanos(), (this.clock.now() - now) * LOOK_SHARE);
		}
		return done;
	}

	private boolean end(long now) {
		boolean drained = this.inherited.end(now);
		if (drained && !this.abandoned.begun && now - this.probationEnd >= 0) {
			// The listeners stay open, so that only the gates have to be opened to roll
			// back
			this.abandoned.hosts.forEach((host) -> host.listener().gate().close());
			this.abandoned.begin(now, false);
		}
		return drained && this.abandoned.end(now);
	}

	/**
	 * Return whether the successor serves on the listener of a host.
	 * @param host the host
	 * @return whether it does
	 */
	public boolean isInherited(ListenerHost host) {
		return this.inherited.hosts.contains(host);
	}

	public DrainSummary summary() {
		return this.inherited.summary().plus(this.abandoned.summary());
	}

	public void cancel() {
		this.inherited.cancel();
		this.abandoned.cancel();
	}

	/**
	 * Hosts that drain together.
	 */
	private final class Group {

		private final List<ListenerHost> hosts;

		/**
		 * The drains of those that have begun.
		 */
		private final List<HostDrain> drains = new ArrayList<>();

		private long since;

		private boolean begun;

		private Group(List<ListenerHost> hosts) {
			this.hosts = hosts;
		}

		private void begin(long now, boolean move) {
			this.begun = true;
			this.since = now;
			for (ListenerHost host : this.hosts) {
				this.drains.add(host.beginDrain(move));
			}
		}

		private void step(long now, boolean look) {
			long timeout = Drain.this.drainTimeout;
			if (now - this.since >= timeout - Math.min(LAST_CALL.toNanos(), timeout / QUARTER)) {
				this.drains.forEach(HostDrain::lastCall);
			}
			this.drains.forEach((drain) -> drain.step(look));
		}

		/**
		 * Close the connections that are due.
		 * @return whether no connection is left
		 */
		private boolean end(long now) {
			if (!this.begun) {
				return this.hosts.isEmpty();
			}
			long timeout = Drain.this.drainTimeout;
			long idleFor = now - Math.max(Drain.this.probationEnd, this.since + Drain.this.keepAliveGrace);
			if (idleFor >= 0) {
				this.drains.forEach(HostDrain::closeIdle);
			}
			if (now - this.since >= timeout) {
				boolean last = now - this.since - timeout >= timeout;
				// Closing an idle connection may have to wait for a client that does not
				// read
				boolean idleToo = last && idleFor >= timeout;
				long begunBy = Drain.this.clock.nanoTime(last ? now : now - timeout);
				this.drains.forEach((drain) -> drain.cut(begunBy, idleToo));
			}
			return this.hosts.stream().allMatch((host) -> host.connections().total() == 0);
		}

		private DrainSummary summary() {
			return this.drains.stream().map(HostDrain::summary).reduce(DrainSummary.NONE, DrainSummary::plus);
		}

		private void cancel() {
			this.drains.forEach((drain) -> LastResort.attempt("Giving up the drain of " + drain.host(), drain::cancel));
		}

	}

}
