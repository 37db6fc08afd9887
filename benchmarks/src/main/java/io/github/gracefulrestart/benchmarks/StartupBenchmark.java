package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Processor time of a first generation until it is ready, and shortly afterwards, when
 * what was put off until then has been done too.
 */
final class StartupBenchmark {

	private static final Duration TO_START = Duration.ofMinutes(2);

	private static final Duration SETTLING = Duration.ofSeconds(4);

	private static final long LOOK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(2);

	private final int pairs;

	private final int port;

	private final String jvmArguments;

	private final PrintStream out;

	StartupBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "pairs", "port", "jvm");
		this.pairs = options.number("pairs", 10);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		measure("disabled"); // brings the jar into the page cache
		new Pairs("enabled", "disabled", this.out).run(this.pairs, (variant, pair) -> measure(variant));
	}

	private Map<String, Double> measure(String variant) {
		Map<String, Double> result = new LinkedHashMap<>();
		long from = System.nanoTime();
		try (ServerProcess server = SampleApp.launch("startup-" + variant, this.port, this.jvmArguments,
				"--graceful.restart.enabled=" + variant.equals("enabled"))) {
			awaitStarted(server, from + TO_START.toNanos());
			result.put("CPU until ready, ms", (double) ProcFs.cpuMillis(server.pid()));
			result.put("time until ready, ms", (System.nanoTime() - from) / 1e6);
			LockSupport.parkNanos(SETTLING.toNanos());
			result.put("CPU " + SETTLING.toSeconds() + " s later, ms", (double) ProcFs.cpuMillis(server.pid()));
		}
		return result;
	}

	/**
	 * Asking over HTTP would be part of what is measured, so look at the log.
	 */
	private static void awaitStarted(ServerProcess server, long deadline) {
		while (!server.output().contains("Started SampleApplication")) {
			if (System.nanoTime() - deadline > 0 || !server.handle().isAlive()) {
				throw new AssertionError("The application did not start:\n" + server.tail(40));
			}
			LockSupport.parkNanos(LOOK_INTERVAL);
		}
	}

}
