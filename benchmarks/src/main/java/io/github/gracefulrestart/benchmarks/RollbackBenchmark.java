package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.Sample;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * The time without service when a successor on probation is killed: from {@code kill -9}
 * to the end of the predecessor's first response, under a load of new connections. The
 * time until the predecessor accepts again is shorter.
 */
final class RollbackBenchmark {

	private static final int WARM_UP = 5000;

	private static final int CLIENTS = 8;

	private static final double REQUESTS_PER_SECOND = 400;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Duration UNDER_LOAD = Duration.ofSeconds(1);

	private final int times;

	private final int port;

	private final String jvmArguments;

	private final PrintStream out;

	RollbackBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "times", "port", "jvm");
		this.times = options.number("times", 20);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		List<Double> millis = new ArrayList<>();
		Map<Outcome, Long> failures = new LinkedHashMap<>();
		long requests = 0;
		try (ServerProcess server = SampleApp.start("rollback", this.port, this.jvmArguments,
				"--graceful.restart.probation=10m")) {
			SampleApp.warmUp(this.port, WARM_UP);
			for (int i = 1; i <= this.times; i++) {
				Kill kill = killOnProbation(server);
				LoadReport report = kill.load();
				double gap = (firstAnswer(report, server.pid(), kill.at()) - kill.at()) / 1e6;
				millis.add(gap);
				requests += report.requests();
				report.failuresByKind().forEach((kind, count) -> failures.merge(kind, count, Long::sum));
				this.out.println("kill " + i + " of " + this.times + ": " + Figures.decimal(gap) + " ms");
			}
		}
		MarkdownTable table = new MarkdownTable(List.of(this.times + " times `kill -9` on probation", ""));
		table.add(List.of("from the kill to the predecessor's first answer (median / max), ms",
				Figures.medianAndMax(millis)));
		table.add(List.of("requests", Figures.count(requests)));
		table.add(List.of("lost with the killed processes, which had accepted them", failures.toString()));
		this.out.println();
		this.out.println(table);
	}

	private Kill killOnProbation(ServerProcess server) {
		int before = server.output().length();
		server.signal(server.pid(), "USR2");
		await(server, before, "is on probation for another");
		LoadGenerator load = LoadGenerator.start(LoadSettings.close(this.port, CLIENTS).rate(REQUESTS_PER_SECOND));
		LockSupport.parkNanos(UNDER_LOAD.toNanos());
		ProcessHandle successor = server.running()
			.stream()
			.filter((process) -> process.pid() != server.pid())
			.findFirst()
			.orElseThrow(() -> new AssertionError("No successor. End of the log:\n" + server.tail(40)));
		long killed = System.nanoTime();
		successor.destroyForcibly();
		await(server, before, LogLines.ROLLED_BACK);
		load.awaitRequests(load.requests() + 100, PATIENCE);
		return new Kill(killed, load.stop());
	}

	private static long firstAnswer(LoadReport report, long predecessor, long killed) {
		return report.samples()
			.filter((sample) -> sample.pid() == predecessor && !sample.outcome().isFailure())
			.mapToLong(Sample::ended)
			.filter((ended) -> ended - killed > 0)
			.min()
			.orElseThrow(() -> new AssertionError("The predecessor did not answer:\n" + report));
	}

	private static void await(ServerProcess server, int from, String text) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!server.output().substring(from).contains(text)) {
			if (System.nanoTime() - deadline > 0) {
				throw new AssertionError("'" + text + "' is not in the log, whose end is\n" + server.tail(40));
			}
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
	}

	/**
	 * One kill.
	 *
	 * @param at when, by {@link System#nanoTime()}
	 * @param load what its clients saw before and after
	 */
	private record Kill(long at, LoadReport load) {

	}

}
