package io.github.gracefulrestart.trigger;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Finds out why a process receives {@code SIGHUP}. Java does not show the sender of a
 * signal. But if the signal was sent because a terminal has closed, the process loses its
 * controlling terminal at that moment or very soon after: a shell or a terminal
 * multiplexer sends the signal before it ends, and the kernel a few instructions before
 * it takes the terminal away.
 */
final class HangUp {

	/**
	 * How long it may take from the signal to the loss of the terminal, and from the end
	 * of the predecessor to the end of its terminal.
	 */
	private static final Duration SETTLING = Duration.ofMillis(500);

	/** How long it may take to judge several signals. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration STEP = Duration.ofMillis(10);

	/** While the terminal may go because the predecessor does. */
	private static final Duration SHORT_INTERVAL = Duration.ofMillis(100);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** How long after an event a signal may still come of it. */
	private static final Duration AFTERMATH = Duration.ofSeconds(3);

	private final Session session;

	private final boolean hadTerminal;

	private final AtomicBoolean watched = new AtomicBoolean();

	private final AtomicBoolean undecided = new AtomicBoolean();

	private volatile long lastArrival;

	/** When this process was last seen to have the terminal. */
	private volatile long terminalSeen = System.nanoTime();

	/** When it was first seen not to have it. */
	private volatile @Nullable Long terminalGone;

	/** When the predecessor was first seen not to run. */
	private volatile @Nullable Long predecessorGone;

	/** When the end of the terminal was first put down to that of the predecessor. */
	private volatile @Nullable Long explained;

	HangUp(Session session) {
		this.session = session;
		this.hadTerminal = session.hasTerminal();
		this.predecessorGone = session.hasPredecessor() ? null : System.nanoTime() - 2 * AFTERMATH.toNanos();
	}

	/**
	 * Return whether this process can be hung up at all.
	 * @return {@code false} if it was started without a controlling terminal
	 */
	boolean isPossible() {
		return this.hadTerminal;
	}

	/**
	 * Watch the terminal until it has closed: a signal that comes long after that is sent
	 * on purpose again, as to a service that kept running when its shell ended.
	 */
	void watch() {
		if (this.hadTerminal && this.watched.compareAndSet(false, true)) {
			Thread thread = new Thread(this::lookUntilGone, "graceful-restart-terminal");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void lookUntilGone() {
		while (hasTerminal()) {
			if (this.predecessorGone == null && !this.session.isPredecessorRunning()) {
				this.predecessorGone = System.nanoTime();
			}
			boolean soon = isWithin(AFTERMATH, this.predecessorGone, System.nanoTime());
			LockSupport.parkNanos((soon ? SHORT_INTERVAL : INTERVAL).toNanos());
		}
	}

	/**
	 * It does not come back.
	 */
	private boolean hasTerminal() {
		long now = System.nanoTime();
		boolean has = this.terminalGone == null && this.session.hasTerminal();
		if (has) {
			this.terminalSeen = now;
		}
		else if (this.terminalGone == null) {
			this.terminalGone = now;
		}
		return has;
	}

	/**
	 * Judge a signal that has just arrived. Takes a moment, but only where there is or
	 * was a terminal.
	 */
	Meaning meaning() {
		boolean open = this.session.isTerminalOpen();
		long arrival = System.nanoTime();
		if (!this.hadTerminal || !isWithin(AFTERMATH, this.terminalGone, arrival)) {
			return Meaning.ORDER;
		}
		this.lastArrival = arrival;
		if (!this.undecided.compareAndSet(false, true)) {
			return Meaning.MERGED;
		}
		try {
			Meaning meaning = meaning(arrival, mayBeOfPredecessor(open));
			if (meaning == Meaning.PREDECESSOR_GONE && this.explained == null) {
				this.explained = System.nanoTime();
			}
			return meaning;
		}
		finally {
			this.undecided.set(false);
		}
	}

	/**
	 * A start script ends after the predecessor, and then the session and the terminal
	 * end; the reverse order does not occur. When this signal arrives does not matter: a
	 * late one is a command. A terminal closes once, and all signals of that arrive
	 * together, so a later signal does not end the service.
	 */
	private boolean mayBeOfPredecessor(boolean open) {
		boolean has = hasTerminal();
		Long known = this.explained;
		if (!has && known != null && System.nanoTime() - known > SETTLING.toNanos()) {
			return true;
		}
		return isWithin((open || this.session.isLedByPredecessor()) ? AFTERMATH : SETTLING, this.predecessorGone,
				this.terminalSeen);
	}

	private Meaning meaning(long arrival, boolean mayBeOfPredecessor) {
		while (true) {
			boolean gone = !hasTerminal();
			if (gone && !mayBeOfPredecessor) {
				return Meaning.TERMINAL_GONE;
			}
			if (gone && !this.session.isPredecessorRunning()) {
				return Meaning.PREDECESSOR_GONE;
			}
			long now = System.nanoTime();
			// The operator may repeat the signal
			if (now - this.lastArrival > SETTLING.toNanos() || now - arrival > PATIENCE.toNanos()) {
				return gone ? Meaning.TERMINAL_GONE : Meaning.ORDER;
			}
			LockSupport.parkNanos(STEP.toNanos());
		}
	}

	private static boolean isWithin(Duration duration, @Nullable Long time, long now) {
		return time == null || now - time < duration.toNanos();
	}

	/**
	 * Why a process receives the signal.
	 */
	enum Meaning {

		/**
		 * It was sent on purpose.
		 */
		ORDER,

		/**
		 * Another signal has come just before, and another thread judges both.
		 */
		MERGED,

		/**
		 * The terminal that the service was started in has closed.
		 */
		TERMINAL_GONE,

		/**
		 * The predecessor, or the script that started it, was the leader of the
		 * terminal's session and has exited.
		 */
		PREDECESSOR_GONE

	}

}
