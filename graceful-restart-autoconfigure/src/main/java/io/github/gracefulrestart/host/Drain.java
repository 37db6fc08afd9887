package io.github.gracefulrestart.host;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.listener.Listener;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartSettings;
import org.jspecify.annotations.Nullable;

/**
 * Finishes what this JVM has accepted. The owner calls {@link #step()} again and again
 * until it says that all is done.
 * <p>
 * A connection that cannot move stays until its client has been told with an answer, or
 * as long as this process stays anyway. A request has the drain timeout from its begin.
 * After twice that time everything is cut, also a connection that always has another
 * request.
 */
public final class Drain {

	/**
	 * How often to look: nothing tells when a connection becomes idle, and the look is
	 * cheap.
	 */
	public static final Duration INTERVAL = Duration.ofMillis(10);

	/**
	 * Looking through thousands of connections may take longer than the interval: at most
	 * one part in so many of the time is spent on it.
	 */
	private static final int LOOK_SHARE = 20;

	/**
	 * How long before its end whoever has not been told is told.
	 */
	private static final Duration LAST_CALL = Duration.ofSeconds(2);

	private static final int QUARTER = 4;

	private final List<ListenerHost> inherited;

	private final List<ListenerHost> abandoned;

	/**
	 * Those that have begun to drain, or have at least been told to.
	 */
	private final List<ListenerHost> begun = new ArrayList<>();

	private final @Nullable ConnectionMoves mover;

	private final long drainTimeout;

	/**
	 * Until when the abandoned listeners accept, because this process may have to take
	 * back.
	 */
	private final long probationEnd;

	private final long keepAliveGrace;

	private final long begin = System.nanoTime();

	private long abandonedBegin;

	private long nextLook = this.begin;

	private boolean abandonedClosed;

	/**
	 * Create a drain, which does nothing before {@link #begin()}.
	 * @param inherited the hosts whose listener the successor serves on, gates closed
	 * @param abandoned the hosts whose listener nobody wants any more; they accept until
	 * the others are drained, because whoever connects there now has no other place
	 * @param mover moves connections to the successor, or {@code null} if they stay
	 * @param settings the limits
	 * @param probationEnd until when the abandoned listeners accept because this process
	 * may have to take back, on the clock of {@link System#nanoTime()}
	 */
	public Drain(List<ListenerHost> inherited, List<ListenerHost> abandoned, @Nullable ConnectionMoves mover,
			RestartSettings settings, long probationEnd) {
		this.mover = settings.moveConnections() ? mover : null;
		this.inherited = inherited;
		this.abandoned = abandoned;
		this.probationEnd = probationEnd;
		this.drainTimeout = settings.drainTimeout().toNanos();
		this.keepAliveGrace = Math.min(settings.keepAliveGrace().toNanos(), this.drainTimeout);
	}

	/**
	 * Begin. If that fails, {@link #cancel()} takes back what has been done by then.
	 */
	public void begin() {
		begin(this.inherited, this.mover != null);
	}

	private void begin(List<ListenerHost> hosts, boolean move) {
		for (ListenerHost host : hosts) {
			this.begun.add(host);
			host.beginDrain(move);
		}
	}

	/**
	 * Look, and do what is due.
	 * @return whether no connection is left
	 * @throws IOException if the successor is gone
	 */
	public boolean step() throws IOException {
		long now = System.nanoTime();
		boolean look = now - this.nextLook >= 0;
		callLast(this.inherited, this.begin, now);
		if (this.abandonedClosed) {
			callLast(this.abandoned, this.abandonedBegin, now);
		}
		this.begun.forEach((host) -> host.continueDrain(look));
		boolean moving = this.mover != null && this.mover.step(this.inherited, look);
		boolean done = look && !moving && end(now);
		if (look) {
			this.nextLook = now + Math.max(INTERVAL.toNanos(), (System.nanoTime() - now) * LOOK_SHARE);
		}
		return done;
	}

	private void callLast(List<ListenerHost> hosts, long since, long now) {
		long early = Math.min(LAST_CALL.toNanos(), this.drainTimeout / QUARTER);
		if (now - since >= this.drainTimeout - early) {
			hosts.forEach(ListenerHost::lastCall);
		}
	}

	private boolean end(long now) {
		boolean drained = end(this.inherited, this.begin, now);
		if (drained && !this.abandonedClosed && now - this.probationEnd >= 0) {
			// The listeners stay open: whoever has to take back only opens the gates
			this.abandoned.forEach(Drain::closeGate);
			this.abandonedClosed = true;
			this.abandonedBegin = now;
			begin(this.abandoned, false);
		}
		return drained && (this.abandoned.isEmpty()
				|| (this.abandonedClosed && end(this.abandoned, this.abandonedBegin, now)));
	}

	/**
	 * The application may have stopped the connector by itself.
	 */
	private static void closeGate(ListenerHost host) {
		Listener listener = host.listener();
		if (listener != null) {
			listener.gate().close();
		}
	}

	/**
	 * End what is due.
	 * @return whether no connection is left
	 */
	private boolean end(List<ListenerHost> hosts, long since, long now) {
		long idleFor = now - Math.max(this.probationEnd, since + this.keepAliveGrace);
		if (idleFor >= 0) {
			hosts.forEach(ListenerHost::closeIdle);
		}
		if (now - since >= this.drainTimeout) {
			boolean last = now - since - this.drainTimeout >= this.drainTimeout;
			// Closing an idle one may be in the hands of a client that does not read
			boolean idleToo = last && idleFor >= this.drainTimeout;
			hosts.forEach((host) -> host.cut(last ? now : now - this.drainTimeout, idleToo));
		}
		return hosts.stream().allMatch((host) -> host.connections().total() == 0);
	}

	/**
	 * Return whether the successor serves on the listener of a host.
	 * @param host the host
	 * @return whether it does
	 */
	public boolean isInherited(ListenerHost host) {
		return this.inherited.contains(host);
	}

	public DrainSummary summary() {
		return this.begun.stream().map(ListenerHost::drained).reduce(DrainSummary.NONE, DrainSummary::plus);
	}

	public void cancel() {
		this.begun.forEach((host) -> LastResort.attempt("Giving up the drain of " + host, host::cancelDrain));
	}

}
