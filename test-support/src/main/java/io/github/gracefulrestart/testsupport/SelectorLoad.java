package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A plain-text load: all connections on one thread.
 */
final class SelectorLoad implements LoadEngine {

	private static final long PAUSE_AFTER_FAILURE = 10_000_000;

	private static final long SCAN_INTERVAL = 20_000_000;

	private static final long MILLISECOND = 1_000_000;

	private static final long NAP = 100_000;

	private final LoadSettings settings;

	private final SampleLog log;

	private final LoadCounters counters;

	private final Selector selector;

	private final List<LoadConnection> connections = new ArrayList<>();

	private final PriorityQueue<LoadConnection> timers = new PriorityQueue<>(
			Comparator.comparingLong((connection) -> connection.wakeAt));

	private final Deque<LoadConnection> free = new ArrayDeque<>();

	private final Random random = new Random(1);

	private final long timeout;

	private final long interval;

	private final long pieceInterval;

	private final double nanosPerRequest;

	private volatile boolean stopped;

	private volatile long stoppedAt;

	private boolean unsentCounted;

	private long start;

	private long begun;

	private int busy;

	SelectorLoad(LoadSettings settings, SampleLog log, LoadCounters counters) {
		this.settings = settings;
		this.log = log;
		this.counters = counters;
		this.timeout = settings.timeout().toNanos();
		this.interval = settings.interval().toNanos();
		this.pieceInterval = settings.pieceInterval().toNanos();
		this.nanosPerRequest = (settings.rate() > 0) ? 1e9 / settings.rate() : 0;
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port());
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ByteBuffer input = ByteBuffer.allocateDirect(65536);
		for (int i = 0; i < settings.connections(); i++) {
			this.connections.add(new LoadConnection(this.selector, settings, address, counters, input));
		}
	}

	@Override
	public void run() {
		this.start = System.nanoTime();
		this.connections.forEach(this::scheduleFirst);
		try {
			loop();
			this.selector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.connections.forEach(LoadConnection::close);
		}
	}

	private void loop() throws IOException {
		long nextScan = this.start;
		while (true) {
			long now = System.nanoTime();
			boolean ending = this.stopped || this.begun >= this.settings.requests();
			if (this.stopped && !this.unsentCounted) {
				countUnsent(now);
			}
			if (ending && this.busy == 0) {
				return;
			}
			wake(now, ending);
			if (now - nextScan >= 0) {
				endTimedOut(now);
				nextScan = now + SCAN_INTERVAL;
			}
			await(Math.min(nextScan, nextWake(ending, nextScan)) - System.nanoTime());
		}
	}

	private void wake(long now, boolean ending) {
		for (LoadConnection next; (next = this.timers.peek()) != null && next.wakeAt - now <= 0;) {
			this.timers.poll();
			if (next.isBusy()) {
				proceed(next, next.nextPiece());
			}
			else if (!ending && this.begun < this.settings.requests()) {
				begin(next, next.wakeAt, now);
			}
		}
		if (!ending) {
			beginDue(now, now);
		}
	}

	private void beginDue(long until, long now) {
		while (this.nanosPerRequest > 0 && !this.free.isEmpty() && rateDue() - until <= 0
				&& this.begun < this.settings.requests()) {
			begin(this.free.remove(), rateDue(), now);
		}
	}

	private long nextWake(boolean ending, long otherwise) {
		long result = otherwise;
		LoadConnection next = this.timers.peek();
		if (next != null && (!ending || next.isBusy())) {
			result = Math.min(result, next.wakeAt);
		}
		if (!ending && this.nanosPerRequest > 0 && !this.free.isEmpty()) {
			result = Math.min(result, rateDue());
		}
		return result;
	}

	private long rateDue() {
		return this.start + (long) (this.begun * this.nanosPerRequest);
	}

	/**
	 * What was due when the load was told to stop and found no free connection, not what
	 * this thread had only not come to.
	 */
	private void countUnsent(long now) {
		this.unsentCounted = true;
		if (this.nanosPerRequest > 0 && this.begun < this.settings.requests()) {
			beginDue(this.stoppedAt, now);
			long due = Math.min(this.settings.requests(),
					(long) ((this.stoppedAt - this.start) / this.nanosPerRequest));
			this.counters.unsent.add(Math.max(0, due - this.begun));
		}
	}

	/** The selector counts in milliseconds: below that, take naps between two looks. */
	private void await(long nanos) throws IOException {
		if (nanos >= MILLISECOND) {
			this.selector.select(this::ready, nanos / MILLISECOND);
		}
		else if (this.selector.selectNow(this::ready) == 0 && nanos > 0) {
			LockSupport.parkNanos(Math.min(nanos, NAP));
		}
	}

	private void ready(SelectionKey key) {
		LoadConnection connection = (LoadConnection) key.attachment();
		if (key.isValid() && connection != null) {
			boolean waited = connection.awaitsNextPiece();
			Outcome outcome = connection.ready();
			if (outcome != null || (connection.isBusy() && !waited)) {
				proceed(connection, outcome);
			}
		}
	}

	private void begin(LoadConnection connection, long due, long now) {
		connection.due = due;
		connection.begun = now;
		this.begun++;
		this.busy++;
		proceed(connection, connection.begin());
	}

	private void proceed(LoadConnection connection, @Nullable Outcome outcome) {
		if (outcome != null) {
			end(connection, outcome);
		}
		else if (connection.awaitsNextPiece()) {
			connection.wakeAt = System.nanoTime() + this.pieceInterval;
			this.timers.add(connection);
		}
	}

	private void end(LoadConnection connection, Outcome outcome) {
		long now = System.nanoTime();
		this.busy--;
		if (this.pieceInterval > 0) {
			this.timers.remove(connection);
		}
		this.log.add(connection.due, now, outcome, connection.isReused(), connection.pid());
		connection.end(outcome);
		scheduleNext(connection, now, outcome);
	}

	private void scheduleFirst(LoadConnection connection) {
		connection.wakeAt = this.start;
		if (this.settings.isIdle()) {
			connection.wakeAt += (long) (this.interval * this.random.nextDouble());
		}
		schedule(connection);
	}

	private void scheduleNext(LoadConnection connection, long now, Outcome outcome) {
		if (this.settings.isIdle()) {
			// does not depend on how late this answer was
			connection.wakeAt = connection.due + (long) (this.interval * (0.5 + this.random.nextDouble()));
		}
		else {
			connection.wakeAt = outcome.isAnswered() ? now : now + PAUSE_AFTER_FAILURE;
		}
		schedule(connection);
	}

	private void schedule(LoadConnection connection) {
		if (this.nanosPerRequest > 0) {
			this.free.add(connection);
		}
		else {
			this.timers.add(connection);
		}
	}

	private void endTimedOut(long now) {
		for (LoadConnection connection : this.connections) {
			if (connection.isBusy() && now - connection.begun >= this.timeout) {
				end(connection, connection.timedOut());
			}
		}
	}

	@Override
	public void stop() {
		this.stoppedAt = System.nanoTime();
		this.stopped = true;
		this.selector.wakeup();
	}

}
