package io.github.gracefulrestart.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.Poll;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Restart after restart under a mixed load, the next as soon as the last has ended: what
 * clients lose, and what piles up between the second generation and the last.
 */
final class SoakBenchmark {

	private static final List<String> TRIGGERS = List.of("USR2", "HUP", "endpoint");

	private static final int WARM_UP = 5000;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Duration SLOW = Duration.ofSeconds(30);

	/**
	 * For how long nothing must change before a process counts as idle: Tomcat ends a
	 * thread that had nothing to do for a minute.
	 */
	private static final Duration IDLE = Duration.ofSeconds(65);

	private static final Duration TO_IDLE = Duration.ofMinutes(10);

	/**
	 * Requests that each of the loads makes before a generation is looked at.
	 */
	private static final int SETTLED = 20;

	private final int restarts;

	private final int port;

	private final int tlsPort;

	private final String jvmArguments;

	private final PrintStream out;

	SoakBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "restarts", "port", "jvm");
		this.restarts = options.number("restarts", 100);
		if (this.restarts < 2) {
			throw new IllegalArgumentException(
					"--restarts must be 2 or more: the last generation is compared to the second");
		}
		this.port = options.number("port", SampleApp.freePort());
		this.tlsPort = SampleApp.freePort();
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		Path temporary = createTemporaryDirectory();
		try {
			run(temporary);
		}
		finally {
			FileTree.deleteRecursively(temporary);
		}
	}

	private void run(Path temporary) {
		Map<String, List<LoadReport>> loads = new LinkedHashMap<>();
		Footprint second;
		Footprint last;
		// The number of threads shall depend on us alone, not on how busy the machine is
		try (ServerProcess server = SampleApp.launch("soak", this.tlsPort,
				this.jvmArguments + " -XX:-UseDynamicNumberOfCompilerThreads -Djava.io.tmpdir=" + temporary,
				"--spring.profiles.active=tls,extra-connector", "--sample.extra-port=" + this.port,
				"--server.tomcat.threads.min-spare=32", "--server.tomcat.threads.max=32")) {
			server.awaitReady(this.port, "/actuator/health/readiness", PATIENCE);
			SampleApp.warmUp(this.port, WARM_UP);
			second = restart(server, 1, 1, loads, temporary);
			last = restart(server, 2, this.restarts, loads, temporary);
		}
		this.out.println();
		this.out.println(table(loads));
		this.out.println(second.table(last, this.restarts + 1));
		this.out.println("Threads that only one of them has: " + second.threadsUnlike(last));
	}

	/**
	 * Restart under load, then let the load end and look at what serves now.
	 * @param from the number of the first restart
	 * @param to the number of the last
	 */
	private Footprint restart(ServerProcess server, int from, int to, Map<String, List<LoadReport>> loads,
			Path temporary) {
		try (MixedLoad load = startLoad()) {
			for (int i = from; i <= to; i++) {
				load.awaitMoreRequests(1, PATIENCE);
				RestartFacts.restart(server, this.port, TRIGGERS.get(i % TRIGGERS.size()));
				this.out.println("restart " + i + " of " + this.restarts);
			}
			load.awaitMoreRequests(SETTLED, PATIENCE);
			load.stop()
				.byName()
				.forEach((name, report) -> loads.computeIfAbsent(name, (key) -> new ArrayList<>()).add(report));
		}
		return Footprint.settled(RestartFacts.servingPid(this.port), temporary);
	}

	private MixedLoad startLoad() {
		return MixedLoad.start(LoadSettings.close(this.port, 8).name("new").rate(100),
				LoadSettings.keepAlive(this.port, 8).name("keep-alive").rate(200),
				LoadSettings.close(this.port, 4).name("slow").path("/slow?ms=1500").timeout(SLOW),
				LoadSettings.keepAlive(this.port, 4)
					.name("upload")
					.path("/upload")
					.upload(200_000, Duration.ofMillis(200))
					.timeout(SLOW),
				LoadSettings.close(this.tlsPort, 2).name("TLS, new").rate(10).tls(),
				LoadSettings.keepAlive(this.tlsPort, 4).name("TLS, keep-alive").rate(50).tls());
	}

	private static MarkdownTable table(Map<String, List<LoadReport>> loads) {
		MarkdownTable table = new MarkdownTable("load", "requests", "failures", "failures by kind",
				"told `Connection: close`", "closed while idle", "max latency, ms");
		loads.forEach((name, reports) -> {
			LoadReport report = LoadReport.total(reports);
			table.add(name, Figures.count(report.requests()), Figures.count(report.failures()),
					(report.failures() == 0) ? "–" : report.failuresByKind().toString(),
					Figures.count(report.toldClose()), Figures.count(report.idleClosed()),
					Figures.decimal(Figures.millis(report.latencies().max())));
		});
		return table;
	}

	private static Path createTemporaryDirectory() {
		try {
			return Files.createTempDirectory("soak");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a process occupies when it has nothing to do.
	 *
	 * @param heapMiB the heap in use after a collection, in MiB
	 * @param threads the names of the threads, numbers left out
	 * @param descriptors the number of open descriptors
	 * @param files the number of files and directories below the temporary directory
	 */
	private record Footprint(double heapMiB, List<String> threads, int descriptors, int files) {

		private static Footprint settled(long pid, Path temporary) {
			Poll.settled(() -> counts(pid), IDLE, TO_IDLE);
			double heap = MemoryBenchmark.heapAfterCollection(pid);
			List<String> threads = ProcFs.threads(pid).stream().map((name) -> name.replaceAll("\\d+", "#")).toList();
			return new Footprint(heap, threads, ProcFs.descriptors(pid).size(), FileTree.list(temporary).size());
		}

		private static List<Integer> counts(long pid) {
			return List.of(ProcFs.threads(pid).size(), ProcFs.descriptors(pid).size());
		}

		private List<String> threadsUnlike(Footprint other) {
			return Stream.concat(without(this.threads, other.threads), without(other.threads, this.threads)).toList();
		}

		private static Stream<String> without(List<String> names, List<String> others) {
			List<String> rest = new ArrayList<>(names);
			others.forEach(rest::remove);
			return rest.stream();
		}

		private MarkdownTable table(Footprint other, int generation) {
			MarkdownTable table = new MarkdownTable("", "generation 2", "generation " + generation, "ratio");
			add(table, "heap after a collection, MiB", this.heapMiB, other.heapMiB);
			add(table, "threads", this.threads.size(), other.threads.size());
			add(table, "descriptors", this.descriptors, other.descriptors);
			add(table, "files in the temporary directory", this.files, other.files);
			return table;
		}

		private static void add(MarkdownTable table, String name, double before, double after) {
			table.add(name, Figures.decimal(before), Figures.decimal(after), Figures.ratio(after / before));
		}

	}

}
