package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.Served;
import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.TimeWindow;

/**
 * What clients see of many restarts in a row, for each way of using connections. The load
 * is a closed loop, except for idle connections, each of which has a timetable of its
 * own.
 */
final class RestartsBenchmark {

	private static final List<String> MODES = List.of("close", "keepalive", "idle");

	private static final int WARM_UP = 5000;

	/** Tomcat ends a connection after 100 requests, which is not what is counted here. */
	private static final String NO_OTHER_REASON_TO_CLOSE = "--server.tomcat.max-keep-alive-requests=-1";

	private static final long PATIENCE_MINUTES = 60;

	/**
	 * The successor's code is cold when it takes over, which clients notice. That belongs
	 * to the restart.
	 */
	private static final Duration COLD = Duration.ofSeconds(3);

	private static final Duration BETWEEN_RESTARTS = COLD.multipliedBy(2);

	private final int restarts;

	private final int requests;

	private final List<String> modes;

	private final int port;

	private final String jvmArguments;

	private final PrintStream out;

	RestartsBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "restarts", "requests", "mode", "port", "jvm");
		String mode = options.text("mode", "all");
		if (!mode.equals("all") && !MODES.contains(mode)) {
			throw new IllegalArgumentException("--mode must be one of " + MODES + " or all, not " + mode);
		}
		this.restarts = options.number("restarts", 20);
		this.requests = options.number("requests", 200_000);
		this.modes = mode.equals("all") ? MODES : List.of(mode);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		Map<String, Run> runs = new LinkedHashMap<>();
		this.modes.forEach((mode) -> runs.put(mode, run(mode)));
		this.out.println();
		this.out.println(table(runs));
		runs.values().forEach((run) -> {
			if (run.load().failures() > 0) {
				this.out.println(run.load());
			}
		});
	}

	private Run run(String mode) {
		try (ServerProcess server = SampleApp.start("restarts-" + mode, this.port, this.jvmArguments,
				NO_OTHER_REASON_TO_CLOSE)) {
			SampleApp.warmUp(this.port, WARM_UP);
			LoadGenerator load = LoadGenerator.start(settings(mode));
			List<RestartFacts> facts = new ArrayList<>();
			try (load) {
				for (int i = 1; i <= this.restarts; i++) {
					LockSupport.parkNanos(BETWEEN_RESTARTS.toNanos());
					facts.add(RestartFacts.restart(server, this.port, "USR2"));
					this.out.println(mode + ": restart " + i + " of " + this.restarts + ", " + load.requests()
							+ " requests so far");
				}
				load.awaitRequests(this.requests, Duration.ofMinutes(PATIENCE_MINUTES));
			}
			catch (AssertionError ex) {
				this.out.println(load.stop());
				throw ex;
			}
			return new Run(load.stop(), facts);
		}
	}

	private LoadSettings settings(String mode) {
		return switch (mode) {
			case "close" -> LoadSettings.close(this.port, 16);
			case "keepalive" -> LoadSettings.keepAlive(this.port, 32);
			default -> LoadSettings.idle(this.port, 250, Duration.ofMillis(250));
		};
	}

	private MarkdownTable table(Map<String, Run> runs) {
		List<String> header = new ArrayList<>(List.of(this.restarts + " restarts"));
		header.addAll(runs.keySet());
		MarkdownTable table = new MarkdownTable(header);
		row(table, runs, "requests", (run) -> Figures.count(run.load().requests()));
		row(table, runs, "failures", (run) -> Figures.count(run.load().failures()));
		row(table, runs, "failures by kind",
				(run) -> (run.load().failures() == 0) ? "–" : run.load().failuresByKind().toString());
		row(table, runs, "connections told `Connection: close`",
				(run) -> run.isPersistent() ? Figures.count(run.load().toldClose()) : "–");
		row(table, runs, "closed while idle", (run) -> Figures.count(run.load().idleClosed()));
		row(table, runs, "closed less than 10 ms before a request",
				(run) -> Figures.count(run.load().idleClosedLate()));
		row(table, runs, "reconnected", (run) -> run.isPersistent() ? Figures.count(run.load().reconnects()) : "–");
		row(table, runs, "p50 / p99 / max at other times, ms",
				(run) -> Figures.latencies(run.load().latenciesOutside(run.windows())));
		row(table, runs,
				"p50 / p99 / max from the trigger to " + COLD.toSeconds() + " s after the predecessor's exit, ms",
				(run) -> Figures.latencies(run.load().latenciesWithin(run.windows())));
		row(table, runs, "longest time without a completed answer, ms",
				(run) -> Figures.decimal(Figures.longestGapMillis(run.load())));
		row(table, runs, "handover gap (median / max), ms", Run::handoverGap);
		row(table, runs, "trigger to first answer of the successor (median / max), s",
				(run) -> Figures.medianAndMax(run.toFirstAnswer()));
		row(table, runs, "trigger to the predecessor's exit (median / max), s",
				(run) -> Figures.medianAndMax(run.toExit()));
		row(table, runs, "the predecessor's connections, sum", (run) -> run.connections().toString());
		return table;
	}

	private static void row(MarkdownTable table, Map<String, Run> runs, String name, Function<Run, String> value) {
		List<String> cells = new ArrayList<>(List.of(name));
		runs.values().forEach((run) -> cells.add(value.apply(run)));
		table.add(cells);
	}

	private static double millis(TimeWindow window) {
		return (window.to() - window.from()) / 1e6;
	}

	/**
	 * What happened in one mode.
	 */
	private record Run(LoadReport load, List<RestartFacts> restarts) {

		private List<TimeWindow> windows() {
			return this.restarts.stream()
				.map(RestartFacts::window)
				.map((window) -> new TimeWindow(window.from(), window.to() + COLD.toNanos()))
				.toList();
		}

		private List<Double> toExit() {
			return this.restarts.stream().map((restart) -> millis(restart.window()) / 1e3).toList();
		}

		private List<Double> toFirstAnswer() {
			List<Double> result = new ArrayList<>();
			for (RestartFacts restart : this.restarts) {
				Served served = this.load.served().get(restart.successorPid());
				if (served != null) {
					result.add((served.first() - restart.window().from()) / 1e9);
				}
			}
			return result;
		}

		/**
		 * If clients do not open connections all the time, the time between two of them
		 * has no meaning.
		 */
		private String handoverGap() {
			return isPersistent() ? "–" : Figures.medianAndMax(
					this.restarts.stream().map(RestartFacts::handoverGapMillis).filter((gap) -> !gap.isNaN()).toList());
		}

		private boolean isPersistent() {
			return !this.load.name().equals("close");
		}

		private Map<String, Long> connections() {
			Map<String, Long> sum = new LinkedHashMap<>();
			this.restarts.forEach(
					(restart) -> restart.connections().forEach((fate, count) -> sum.merge(fate, count, Long::sum)));
			return sum;
		}

	}

}
