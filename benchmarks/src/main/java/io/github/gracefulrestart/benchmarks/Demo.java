package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.MixedReport;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Restarts the sample application under load by signal and by endpoint, and shows what
 * its clients saw.
 */
public final class Demo {

	private static final String NEW_CONNECTIONS = "a new connection each";

	private static final String NAME = "demo";

	private static final List<String> TRIGGERS = List.of("USR2", "HUP", "endpoint", "USR2", "endpoint");

	private static final Duration TO_WARM_UP = Duration.ofMinutes(1);

	private Demo() {
	}

	/**
	 * Run.
	 * @param arguments {@code --port N} for another port than a free one
	 */
	public static void main(String... arguments) {
		PrintStream out = System.out;
		try {
			int port = Options.parse(List.of(arguments), "port").number("port", SampleApp.freePort());
			System.exit(run(port, out) ? 0 : 1);
		}
		catch (IllegalArgumentException ex) {
			out.println(ex.getMessage());
			System.exit(2);
		}
	}

	private static boolean run(int port, PrintStream out) {
		ServerProcess server = SampleApp.launch(NAME, port, "");
		try {
			out.println("Starting the sample application on port " + port + ", output in " + SampleApp.log(NAME));
			server.awaitReady(port, "/actuator/health/readiness", Duration.ofMinutes(2));
			MixedLoad load = MixedLoad.start(load(port));
			List<RestartFacts> restarts = new ArrayList<>();
			try (load) {
				load.awaitRequests(5, TO_WARM_UP);
				for (String trigger : TRIGGERS) {
					restarts.add(restart(server, port, trigger, out));
				}
			}
			boolean good = show(load.stop(), restarts, out);
			server.close();
			return good;
		}
		catch (AssertionError ex) {
			out.println("FAILED: " + ex.getMessage());
			return false;
		}
	}

	private static LoadSettings[] load(int port) {
		return new LoadSettings[] { LoadSettings.close(port, 16).rate(200).name(NEW_CONNECTIONS),
				LoadSettings.keepAlive(port, 16).rate(400).name("16 busy connections"),
				LoadSettings.idle(port, 100, Duration.ofMillis(500)).name("100 mostly idle connections"),
				LoadSettings.close(port, 4)
					.name("slow requests (3 s)")
					.path("/slow?ms=3000")
					.timeout(Duration.ofSeconds(30)),
				LoadSettings.keepAlive(port, 4)
					.name("slow uploads (1 s)")
					.path("/upload")
					.upload(200_000, Duration.ofSeconds(1)) };
	}

	private static RestartFacts restart(ServerProcess server, int port, String trigger, PrintStream out) {
		out.println(trigger.equals("endpoint") ? "POST /actuator/reload" : "kill -" + trigger);
		RestartFacts facts = RestartFacts.restart(server, port, trigger);
		out.println("  generation " + facts.generation() + " serves (pid " + facts.successorPid()
				+ "), its predecessor left after "
				+ Figures.decimal((facts.window().to() - facts.window().from()) / 1e9) + " s");
		return facts;
	}

	private static boolean show(MixedReport report, List<RestartFacts> restarts, PrintStream out) {
		MarkdownTable table = new MarkdownTable("load", "requests", "failed", "generations", "median ms", "worst ms");
		for (LoadReport load : report.byName().values()) {
			table.add(row(load.name(), load));
		}
		table.add(row("all", report.total()));
		out.println();
		out.println(table);
		LoadReport total = report.total();
		// Not in total: slow requests end one by one when the others have been stopped
		out.println(restarts.size() + " restarts, longest time without a completed answer on a new connection "
				+ Figures
					.decimal(Figures.longestGapMillis(Objects.requireNonNull(report.byName().get(NEW_CONNECTIONS))))
				+ " ms");
		out.println(Machine.describe());
		boolean everyGeneration = total.served().size() == restarts.size() + 1;
		if (total.failures() > 0) {
			out.println("FAILED: " + report);
		}
		else if (!everyGeneration) {
			out.println("FAILED: not every generation served: " + total.served());
		}
		return total.failures() == 0 && everyGeneration;
	}

	private static List<String> row(String name, LoadReport load) {
		return List.of(name, Figures.count(load.requests()), Figures.count(load.failures()),
				Figures.count(load.served().size()), Figures.decimal(Figures.millis(load.latencies().p50())),
				Figures.decimal(Figures.millis(load.latencies().max())));
	}

}
