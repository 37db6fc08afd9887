package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.client.ClientKind;
import io.github.gracefulrestart.testsupport.client.Speaks;

/**
 * What HTTP clients of other people's making see of many restarts at random moments: POST
 * requests on connections from their pools, none of which is repeated. Each JDK that has
 * a client of its own is a process of its own.
 */
final class ClientsBenchmark {

	/**
	 * A few requests, with pauses in which a client does not look at its connections.
	 */
	private static final String SPARSE = ",2,1500";

	/**
	 * One after the other.
	 */
	private static final String STEADY = ",1,200";

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final int restarts;

	private final List<String> jdks;

	private final String probation;

	private final String over;

	private final String jvmArguments;

	private final PrintStream out;

	ClientsBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "restarts", "jdks", "probation", "over", "jvm");
		this.restarts = options.number("restarts", 20);
		this.jdks = List.of(options.text("jdks", System.getProperty("java.home")).split(","));
		this.probation = options.text("probation", "10s");
		this.over = options.text("over", "both");
		if (!List.of("tls", "plain", "both").contains(this.over)) {
			throw new IllegalArgumentException("--over must be tls, plain or both, not " + this.over);
		}
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		Map<String, String[]> results = new LinkedHashMap<>();
		if (!this.over.equals("plain")) {
			results.putAll(run("tls", List.of(Speaks.HTTP1_TLS, Speaks.H2), "--spring.profiles.active=http2,tls"));
		}
		if (!this.over.equals("tls")) {
			results.putAll(run("plain", List.of(Speaks.HTTP1, Speaks.H2C), "--spring.profiles.active=http2"));
		}
		MarkdownTable table = new MarkdownTable(
				List.of(this.restarts + " restarts, probation " + this.probation, "answered", "failed"));
		results.forEach((name, counts) -> table.add(List.of(name, counts[0], counts[1])));
		this.out.println();
		this.out.println(table);
	}

	private Map<String, String[]> run(String name, List<Speaks> protocols, String profiles) {
		int port = SampleApp.freePort();
		int managementPort = SampleApp.freePort();
		List<ClientProcess> clients = new ArrayList<>();
		try (ServerProcess server = SampleApp.launch("clients-" + name, port, this.jvmArguments, profiles,
				"--management.server.port=" + managementPort, "--management.server.ssl.enabled=false",
				"--graceful.restart.probation=" + this.probation)) {
			server.awaitReady(managementPort, "/actuator/health/readiness", PATIENCE);
			for (String jdk : this.jdks) {
				clients.add(ClientProcess.java(jdk, port, loads(jdk, protocols)));
			}
			for (Speaks protocol : protocols) {
				clients.add(ClientProcess.curl(protocol, port));
			}
			for (int i = 1; i <= this.restarts; i++) {
				LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
				long begin = System.nanoTime();
				RestartFacts.restart(server, managementPort, "USR2");
				this.out.println(name + ": restart " + i + " of " + this.restarts + " took "
						+ (System.nanoTime() - begin) / 1_000_000 + " ms");
			}
			Map<String, String[]> results = new LinkedHashMap<>();
			clients.forEach((client) -> results.putAll(client.end(this.out)));
			return results;
		}
		finally {
			clients.forEach(ClientProcess::close);
		}
	}

	/**
	 * What a process does: all clients with the first JDK, for the others only the client
	 * that the JDK brings.
	 */
	private List<String> loads(String jdk, List<Speaks> protocols) {
		List<String> loads = new ArrayList<>();
		for (ClientKind kind : ClientKind.values()) {
			for (Speaks protocol : protocols) {
				if (kind.can(protocol) && (kind == ClientKind.JDK || jdk.equals(this.jdks.get(0)))) {
					loads.add(kind + "," + protocol + SPARSE);
					loads.add(kind + "," + protocol + STEADY);
				}
			}
		}
		return loads;
	}

}
