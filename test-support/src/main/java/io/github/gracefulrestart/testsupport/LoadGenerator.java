package io.github.gracefulrestart.testsupport;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a server until it is stopped, and accounts for every one of them.
 * Never retries: a request on a connection that turns out to be dead is lost, as it would
 * be for a client that cannot repeat it.
 * <p>
 * Not a failure: the server closes an idle connection before anything was sent on it. The
 * generator looks for that once more right before each request, so that on the loopback
 * interface the race is as narrow as it ever gets.
 */
public final class LoadGenerator implements AutoCloseable {

	private final LoadSettings settings;

	private final SampleLog log = new SampleLog();

	private final LoadCounters counters = new LoadCounters();

	private final LoadEngine engine;

	private final Thread thread;

	private final long started = System.nanoTime();

	private volatile @Nullable Throwable failure;

	private volatile long ended;

	private LoadGenerator(LoadSettings settings) {
		this.settings = settings;
		this.engine = settings.isTls() ? new TlsLoad(settings, this.log, this.counters)
				: new SelectorLoad(settings, this.log, this.counters);
		this.thread = new Thread(this::run, "load-" + settings.name());
		this.thread.setDaemon(true);
	}

	/**
	 * Start a load.
	 * @param settings what to do
	 * @return the running load
	 */
	public static LoadGenerator start(LoadSettings settings) {
		LoadGenerator generator = new LoadGenerator(settings.copy());
		generator.thread.start();
		return generator;
	}

	private void run() {
		try {
			this.engine.run();
		}
		catch (RuntimeException | Error ex) {
			this.failure = ex;
		}
		finally {
			this.ended = System.nanoTime();
		}
	}

	/**
	 * Return how many requests have ended so far.
	 * @return the number of requests
	 */
	public long requests() {
		return this.log.size();
	}

	/**
	 * Wait until a number of requests has ended, counted from the start.
	 * @param count the number
	 * @param patience how long to wait
	 * @return this load
	 * @throws AssertionError if they are fewer when the time is up
	 */
	public LoadGenerator awaitRequests(long count, Duration patience) {
		if (!uninterrupted(() -> this.log.awaitSize(count, patience))) {
			throw new AssertionError("Only " + this.log.size() + " of " + count + " requests ended within " + patience);
		}
		return this;
	}

	/**
	 * Wait for a load with a {@linkplain LoadSettings#requests number of requests}.
	 * @param patience how long to wait
	 * @return what happened
	 * @throws AssertionError if it has not ended when the time is up
	 */
	public LoadReport await(Duration patience) {
		boolean ended = uninterrupted(() -> {
			this.thread.join(Math.max(1, patience.toMillis()));
			return !this.thread.isAlive();
		});
		if (!ended) {
			throw new AssertionError("Load '" + this.settings.name() + "' has not ended within " + patience + " after "
					+ this.log.size() + " requests");
		}
		if (this.failure != null) {
			throw new AssertionError("Load '" + this.settings.name() + "' failed", this.failure);
		}
		return new LoadReport(this.settings.name(), this.started, this.ended, this.log.blocks(), this.counters);
	}

	/**
	 * Begin no further request, wait for those that were begun, and report.
	 * @return what happened
	 */
	public LoadReport stop() {
		this.engine.stop();
		return await(this.settings.timeout().multipliedBy(3).plusSeconds(5));
	}

	@Override
	public void close() {
		this.engine.stop();
	}

	private static boolean uninterrupted(Wait wait) {
		try {
			return wait.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	private interface Wait {

		boolean await() throws InterruptedException;

	}

}
