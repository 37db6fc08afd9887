package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * A load over TLS: a blocking connection on a thread of its own for each slot.
 */
final class TlsLoad implements LoadEngine {

	private static final long PAUSE_AFTER_FAILURE = 10_000_000;

	private static final long LATE = 10_000_000;

	private final LoadSettings settings;

	private final SampleLog log;

	private final LoadCounters counters;

	private final byte[][] pieces;

	private final AtomicLong begun = new AtomicLong();

	private final CountDownLatch stopped = new CountDownLatch(1);

	TlsLoad(LoadSettings settings, SampleLog log, LoadCounters counters) {
		this.settings = settings;
		this.log = log;
		this.counters = counters;
		this.pieces = settings.pieces();
	}

	@Override
	public void run() {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < this.settings.connections(); i++) {
			Thread thread = new Thread(new Slot(i), Thread.currentThread().getName() + "-" + i);
			thread.setDaemon(true);
			thread.start();
			threads.add(thread);
		}
		try {
			for (Thread thread : threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop() {
		this.stopped.countDown();
	}

	private boolean ending() {
		return this.stopped.getCount() == 0;
	}

	/**
	 * One connection after the other, each request of this slot in its turn.
	 */
	private final class Slot implements Runnable {

		private final Random random;

		private @Nullable RawHttp http;

		private boolean connectedBefore;

		private boolean lost;

		private long lostAt;

		private long due;

		private Slot(int index) {
			this.random = new Random(index);
			this.due = System.nanoTime() + firstDelay(index);
		}

		private long firstDelay(int index) {
			if (TlsLoad.this.settings.isIdle()) {
				return (long) (TlsLoad.this.settings.interval().toNanos() * this.random.nextDouble());
			}
			double rate = TlsLoad.this.settings.rate();
			return (rate > 0) ? (long) (1e9 * index / rate) : 0;
		}

		@Override
		public void run() {
			try {
				while (awaitDue() && TlsLoad.this.begun.getAndIncrement() < TlsLoad.this.settings.requests()) {
					next(request());
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				close();
			}
		}

		/**
		 * Wait for the next request's time and notice if the server closes meanwhile.
		 */
		private boolean awaitDue() throws InterruptedException {
			for (long left; (left = this.due - System.nanoTime()) > 0 && !ending();) {
				if (this.http == null) {
					TlsLoad.this.stopped.await(left, TimeUnit.NANOSECONDS);
				}
				else {
					loseIfEnded(this.http, Duration.ofNanos(Math.min(left, 50_000_000)));
				}
			}
			return !ending();
		}

		private void loseIfEnded(RawHttp current, Duration patience) {
			if (current.awaitEnd(patience) != ConnectionEnd.OPEN) {
				lose();
			}
		}

		private void lose() {
			TlsLoad.this.counters.idleClosed.increment();
			this.lost = true;
			this.lostAt = System.nanoTime();
			close();
		}

		private Outcome request() {
			RawHttp current = this.http;
			boolean reused = false;
			long pid = -1;
			Outcome outcome;
			try {
				if (current != null && current.available()) {
					loseIfEnded(current, Duration.ofMillis(1));
				}
				current = connected();
				reused = current.answers() > 0;
				HttpAnswer answer = exchange(current);
				pid = answer.pid();
				outcome = Outcome.answered(answer.status());
				if (answer.close() || !TlsLoad.this.settings.isPersistent()) {
					close();
				}
			}
			catch (RequestFailedException ex) {
				outcome = ex.outcome();
				close();
			}
			catch (IOException ex) {
				outcome = Outcome.reset(reused, false);
				close();
			}
			TlsLoad.this.log.add(this.due, System.nanoTime(), outcome, reused, pid);
			return outcome;
		}

		private RawHttp connected() throws RequestFailedException {
			if (this.http == null) {
				if (this.lost && this.due - this.lostAt < LATE) {
					TlsLoad.this.counters.idleClosedLate.increment();
				}
				this.lost = false;
				TlsLoad.this.counters.opened(!this.connectedBefore);
				this.connectedBefore = true;
				this.http = RawHttp.connect(TlsLoad.this.settings.port(), true, TlsLoad.this.settings.timeout());
			}
			return this.http;
		}

		private HttpAnswer exchange(RawHttp current) throws RequestFailedException {
			Duration pause = TlsLoad.this.settings.pieceInterval();
			for (int i = 0; i < TlsLoad.this.pieces.length; i++) {
				if (i > 0) {
					current.awaitEnd(pause);
				}
				current.write(TlsLoad.this.pieces[i]);
			}
			HttpAnswer answer = current.read();
			if (TlsLoad.this.settings.isPersistent() && answer.close()) {
				TlsLoad.this.counters.toldClose.increment();
			}
			return answer;
		}

		private void next(Outcome outcome) {
			double rate = TlsLoad.this.settings.rate();
			if (TlsLoad.this.settings.isIdle()) {
				this.due += (long) (TlsLoad.this.settings.interval().toNanos() * (0.5 + this.random.nextDouble()));
			}
			else if (rate > 0) {
				this.due += (long) (1e9 * TlsLoad.this.settings.connections() / rate);
			}
			else {
				this.due = System.nanoTime() + (outcome.isAnswered() ? 0 : PAUSE_AFTER_FAILURE);
			}
		}

		private void close() {
			if (this.http != null) {
				this.http.close();
				this.http = null;
			}
		}

	}

}
