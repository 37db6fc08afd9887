package io.github.gracefulrestart.successor;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.host.Drain;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The end of a successor that is rolled back: it stops accepting before any listener of
 * the application is told to stop, and completes its accepted requests while the
 * application closes, however long that takes.
 */
final class Retreat {

	private final Listeners listeners;

	private final ListenerHosts hosts;

	private final RestartSettings settings;

	private boolean begun;

	private boolean done;

	private @Nullable Drain drain;

	Retreat(Listeners listeners, ListenerHosts hosts, RestartSettings settings) {
		this.listeners = listeners;
		this.hosts = hosts;
		this.settings = settings;
	}

	/**
	 * Stop accepting, and start to drain.
	 */
	synchronized void begin() {
		if (this.begun) {
			return;
		}
		this.begun = true;
		this.done = false;
		this.listeners.closeGates();
		try {
			Ticker clock = new Ticker();
			Drain next = new Drain(this.hosts.open(), List.of(), null, this.settings, clock, clock.now());
			this.drain = next;
			next.begin();
			Threads.startDaemon("graceful-restart-retreat", () -> finish(next));
		}
		catch (RuntimeException | Error ex) {
			this.done = true;
			LastResort.log("What this process has accepted is left to the web server to finish", ex);
		}
	}

	private void finish(Drain current) {
		try {
			while (!step(current)) {
				TimeUnit.NANOSECONDS.sleep(Drain.INTERVAL.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			LastResort.log("What this process has accepted is left to the web server to finish", ex);
		}
		finally {
			end(current);
		}
	}

	private synchronized boolean step(Drain current) throws IOException {
		return this.drain != current || current.step();
	}

	private synchronized void end(Drain current) {
		if (this.drain == current) {
			this.done = true;
			notifyAll();
		}
	}

	/**
	 * Wait for the end of the drain before the web server is stopped, because that would
	 * drop a connection that has just been accepted.
	 * @param patience how long to wait at most
	 */
	void await(Duration patience) {
		try {
			new Ticker().await(this::isFinishedWithin, patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized boolean isFinishedWithin(long nanos) throws InterruptedException {
		if (this.begun && !this.done) {
			TimeUnit.NANOSECONDS.timedWait(this, nanos);
		}
		return !this.begun || this.done;
	}

	/**
	 * Accept again, because the predecessor is gone and no other process does.
	 */
	synchronized void cancel() {
		if (this.begun) {
			this.begun = false;
			Drain current = this.drain;
			this.drain = null;
			notifyAll();
			this.listeners.openGates();
			if (current != null) {
				LastResort.attempt("Giving up a drain", current::cancel);
			}
		}
	}

}
