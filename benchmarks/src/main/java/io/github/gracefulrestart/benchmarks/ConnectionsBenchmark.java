package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Many idle connections through restarts: how long they take to move, whether one is
 * closed, what their next request takes, and what is left in the process at the end.
 */
final class ConnectionsBenchmark {

	private static final Duration TO_ANSWER = Duration.ofMinutes(1);

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	private final int connections;

	private final int restarts;

	private final int port;

	private final String jvmArguments;

	private final PrintStream out;

	ConnectionsBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "connections", "restarts", "port", "jvm");
		this.connections = options.number("connections", 10_000);
		this.restarts = options.number("restarts", 3);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		MarkdownTable process = new MarkdownTable("after the clients have gone", "descriptors", "heap after GC, MiB");
		try {
			measure(0, process, "fresh start, same clients");
			measure(this.restarts, process, "generation " + (this.restarts + 1));
		}
		catch (RequestFailedException ex) {
			throw new AssertionError("A request on an idle connection failed", ex);
		}
		this.out.println(process);
	}

	private void measure(int times, MarkdownTable process, String name) throws RequestFailedException {
		MarkdownTable table = new MarkdownTable("restart", "moved", "closed", "drain, ms",
				"next request p50 / p99 / max, ms", "the one after p50 / p99 / max, ms");
		List<RawHttp> clients = new ArrayList<>();
		try (ServerProcess server = SampleApp.start("connections", this.port, this.jvmArguments,
				"--server.tomcat.max-connections=" + (this.connections + 1000),
				"--server.tomcat.max-keep-alive-requests=-1", "--server.tomcat.connection-timeout=10m")) {
			SampleApp.warmUp(this.port, 5000);
			int fresh = ProcFs.descriptors(server.pid()).size();
			for (int i = 0; i < this.connections; i++) {
				clients.add(RawHttp.connect(this.port, false, TO_ANSWER));
			}
			request(clients);
			long pid = server.pid();
			for (int i = 1; i <= times; i++) {
				RestartFacts facts = RestartFacts.restart(server, this.port, "USR2");
				pid = facts.successorPid();
				long closed = clients.stream()
					.filter((client) -> client.awaitEnd(A_MOMENT) != ConnectionEnd.OPEN)
					.count();
				String first = request(clients);
				table.add(String.valueOf(i), Figures.count(facts.connections().getOrDefault("moved", 0L)),
						Figures.count(closed), String.valueOf(facts.phases().get("draining")), first, request(clients));
			}
			clients.forEach(RawHttp::close);
			process.add(name, String.valueOf(descriptorsLeft(pid, fresh)),
					Figures.decimal(MemoryBenchmark.heapAfterCollection(pid)));
		}
		if (times > 0) {
			this.out.println(table);
		}
	}

	/**
	 * One request on each connection, one after the other.
	 */
	private static String request(List<RawHttp> clients) throws RequestFailedException {
		double[] millis = new double[clients.size()];
		for (int i = 0; i < millis.length; i++) {
			long from = System.nanoTime();
			clients.get(i).get("/hello");
			millis[i] = (System.nanoTime() - from) / 1e6;
		}
		Arrays.sort(millis);
		return Figures.decimal(millis[millis.length / 2]) + " / " + Figures.decimal(millis[millis.length * 99 / 100])
				+ " / " + Figures.decimal(millis[millis.length - 1]);
	}

	/**
	 * The server hears of the end of a connection a moment later.
	 */
	private static int descriptorsLeft(long pid, int expected) {
		long deadline = System.nanoTime() + TO_ANSWER.toNanos();
		int now = ProcFs.descriptors(pid).size();
		while (now > expected && System.nanoTime() - deadline < 0) {
			now = ProcFs.descriptors(pid).size();
		}
		return now;
	}

}
