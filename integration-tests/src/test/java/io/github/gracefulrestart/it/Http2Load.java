package io.github.gracefulrestart.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;

import static org.awaitility.Awaitility.await;

/**
 * Some HTTP/2 connections with some streams at once on each. A connection is replaced
 * when the server has said that it goes away, and not before. Everything that is not a
 * complete answer is a failure.
 */
final class Http2Load implements AutoCloseable {

	private static final int CONNECTIONS = 4;

	private static final int STREAMS = 3;

	private final int port;

	private final boolean tls;

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicLong answers = new AtomicLong();

	private final Map<String, Long> failures = new ConcurrentHashMap<>();

	private final Set<Long> pids = ConcurrentHashMap.newKeySet();

	private volatile boolean stopping;

	private Http2Load(int port, boolean tls) {
		this.port = port;
		this.tls = tls;
	}

	static Http2Load start(int port, boolean tls) {
		Http2Load load = new Http2Load(port, tls);
		for (int i = 0; i < CONNECTIONS; i++) {
			Thread thread = new Thread(load::run, "http2-load-" + i);
			thread.setDaemon(true);
			load.threads.add(thread);
			thread.start();
		}
		return load;
	}

	void awaitMoreAnswers(int count) {
		long target = this.answers.get() + count;
		await().atMost(SampleService.PATIENCE).until(() -> this.answers.get() >= target);
	}

	void stop() {
		this.stopping = true;
		await().atMost(SampleService.PATIENCE).until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	Map<String, Long> failures() {
		return this.failures;
	}

	Set<Long> pids() {
		return this.pids;
	}

	private void run() {
		while (!this.stopping) {
			try (Http2Client client = this.tls ? Http2Client.connectTls(this.port) : Http2Client.connect(this.port)) {
				use(client);
			}
			catch (IOException ex) {
				failed("no connection: " + ex.getMessage());
			}
		}
	}

	private void use(Http2Client client) {
		while (!this.stopping && client.goAways().isEmpty()) {
			List<Http2Stream> streams = new ArrayList<>();
			try {
				for (int i = 0; i < STREAMS; i++) {
					streams.add(client.get("/hello"));
				}
			}
			catch (IOException ex) {
				if (client.goAways().isEmpty()) {
					failed("no stream: " + ex.getMessage());
				}
			}
			streams.forEach((stream) -> ended(stream.await(SampleService.PATIENCE), client));
		}
	}

	private void ended(Http2Result result, Http2Client client) {
		if (result.isOk()) {
			this.pids.add(result.pid());
			this.answers.incrementAndGet();
		}
		else {
			failed(result.ending() + " with status " + result.status() + ", stream " + result.streamId()
					+ " of a connection with " + client.goAways());
		}
	}

	private void failed(String how) {
		this.failures.merge(how, 1L, Long::sum);
	}

	@Override
	public void close() {
		this.stopping = true;
	}

}
