package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * Runs one of the benchmarks.
 */
public final class Benchmarks {

	private static final String USAGE = "Name a benchmark: restarts, clients, soak, rollback, connections, throughput, startup or memory";

	private Benchmarks() {
	}

	/**
	 * Run.
	 * @param arguments the name of a benchmark, then its options
	 */
	public static void main(String... arguments) {
		PrintStream out = System.out;
		List<String> options = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
		try {
			switch ((arguments.length > 0) ? arguments[0] : "") {
				case "restarts" -> new RestartsBenchmark(options, out).run();
				case "clients" -> new ClientsBenchmark(options, out).run();
				case "soak" -> new SoakBenchmark(options, out).run();
				case "rollback" -> new RollbackBenchmark(options, out).run();
				case "connections" -> new ConnectionsBenchmark(options, out).run();
				case "throughput" -> new ThroughputBenchmark(options, out).run();
				case "startup" -> new StartupBenchmark(options, out).run();
				case "memory" -> new MemoryBenchmark(options, out).run();
				default -> throw new IllegalArgumentException(USAGE);
			}
			out.println(Machine.describe());
			System.exit(0);
		}
		catch (IllegalArgumentException ex) {
			out.println(ex.getMessage());
			System.exit(2);
		}
		catch (AssertionError ex) {
			ex.printStackTrace(out);
			System.exit(1);
		}
	}

}
