package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * POST requests of some threads that share a client, each with a pause after its answer.
 * Everything but a complete response with status 200 is a failure, and no request is
 * repeated.
 */
public final class ClientLoad implements AutoCloseable {

	private static final byte[] BODY = new byte[1024];

	private static final int OK = 200;

	private final String name;

	private final PooledClient client;

	private final URI uri;

	private final long pause;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicLong answers = new AtomicLong();

	private final Map<String, Long> failures = new ConcurrentHashMap<>();

	private ClientLoad(String name, PooledClient client, URI uri, Duration pause) {
		this.name = name;
		this.client = client;
		this.uri = uri;
		this.pause = pause.toMillis();
	}

	/**
	 * Begin.
	 * @param kind which client
	 * @param protocol what it speaks
	 * @param port the port on the loopback address
	 * @param threads how many threads
	 * @param pause the pause after each answer, half of it at random
	 * @return the load
	 */
	public static ClientLoad start(ClientKind kind, Speaks protocol, int port, int threads, Duration pause) {
		String name = kind + " " + protocol + ", " + threads + " threads, a pause of " + pause.toMillis() + " ms";
		ClientLoad load = new ClientLoad(name, kind.create(protocol),
				URI.create(protocol.scheme() + "://127.0.0.1:" + port + "/upload"), pause);
		for (int i = 0; i < threads; i++) {
			Thread thread = new Thread(load::run, kind + "-" + protocol + "-" + i);
			thread.setDaemon(true);
			load.threads.add(thread);
			thread.start();
		}
		return load;
	}

	private void run() {
		try {
			do {
				post();
			}
			while (!this.stopped.await(pause(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private long pause() {
		long half = this.pause / 2;
		return half + ThreadLocalRandom.current().nextLong(half + 1);
	}

	private void post() throws InterruptedException {
		try {
			PooledClient.Answer answer = this.client.post(this.uri, BODY);
			if (answer.status() == OK && answer.body().startsWith("bytes=" + BODY.length + " ")) {
				this.answers.incrementAndGet();
			}
			else {
				failed("status " + answer.status() + ": " + answer.body());
			}
		}
		catch (IOException ex) {
			failed(String.valueOf(ex));
		}
	}

	private void failed(String how) {
		this.failures.merge(how, 1L, Long::sum);
	}

	/**
	 * Return what the load is.
	 * @return client, protocol, threads and pause
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return how many requests have been answered.
	 * @return the number so far
	 */
	public long answers() {
		return this.answers.get();
	}

	/**
	 * Return what has failed.
	 * @return the failures so far, with how often each was seen
	 */
	public Map<String, Long> failures() {
		return this.failures;
	}

	/**
	 * Begin no more requests, and wait for those under way.
	 */
	public void stop() {
		this.stopped.countDown();
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		stop();
		this.client.close();
	}

}
