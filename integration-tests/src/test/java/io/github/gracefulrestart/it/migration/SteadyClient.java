package io.github.gracefulrestart.it.migration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;

/**
 * One connection that makes a request every 50 ms and fails with the first that is not
 * answered, or if it is told to close.
 */
final class SteadyClient implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofMillis(50);

	private final RawHttp connection;

	private final List<Long> pids = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Integer> ending = new CompletableFuture<>();

	private volatile boolean stopping;

	SteadyClient(SampleService service) throws RequestFailedException {
		this.connection = service.connect();
		Thread thread = new Thread(this::run, "steady-client");
		thread.setDaemon(true);
		thread.start();
	}

	private void run() {
		try {
			while (!this.stopping) {
				HttpAnswer answer = this.connection.get("/hello");
				if (answer.status() != 200 || answer.close()) {
					throw new AssertionError("Answer " + this.connection.answers() + " is " + answer);
				}
				if (this.pids.isEmpty() || this.pids.get(this.pids.size() - 1) != answer.pid()) {
					this.pids.add(answer.pid());
				}
				ConnectionEnd end = this.connection.awaitEnd(INTERVAL);
				if (end != ConnectionEnd.OPEN) {
					throw new AssertionError("Ended with " + end + " after " + this.connection.answers() + " answers");
				}
			}
			this.ending.complete(this.connection.answers());
		}
		catch (RequestFailedException | AssertionError ex) {
			this.ending.completeExceptionally(ex);
		}
	}

	/**
	 * Return the processes that have answered, in order.
	 */
	List<Long> pids() {
		return this.pids;
	}

	/**
	 * Stop.
	 * @return the number of answers
	 */
	int stop() throws Exception {
		this.stopping = true;
		return this.ending.get(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.stopping = true;
		this.connection.close();
	}

}
