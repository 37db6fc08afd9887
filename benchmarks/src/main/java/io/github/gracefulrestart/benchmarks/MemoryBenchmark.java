package io.github.gracefulrestart.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Memory of a process that has taken over, after its predecessor has left, against one
 * that was started afresh; both after the same requests and a garbage collection.
 */
final class MemoryBenchmark {

	private static final int WARM_UP = 20_000;

	private static final Pattern USED = Pattern.compile("used ([0-9]+)K");

	private final int pairs;

	private final int restarts;

	private final int port;

	private final String jvmArguments;

	private final PrintStream out;

	MemoryBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "pairs", "restarts", "port", "jvm");
		this.pairs = options.number("pairs", 5);
		this.restarts = options.number("restarts", 3);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		new Pairs("generation " + (this.restarts + 1), "fresh start", this.out).run(this.pairs,
				(variant, pair) -> measure(variant.startsWith("generation")));
	}

	private Map<String, Double> measure(boolean restarted) {
		try (ServerProcess server = SampleApp.start("memory", this.port, this.jvmArguments)) {
			long pid = server.pid();
			for (int i = 0; restarted && i < this.restarts; i++) {
				pid = RestartFacts.restart(server, this.port, "USR2").successorPid();
			}
			SampleApp.warmUp(this.port, WARM_UP);
			Map<String, Double> result = new LinkedHashMap<>();
			result.put("RSS, MiB", ProcFs.rssKiB(pid) / 1024.0);
			double heap = heapAfterCollection(pid);
			result.put("RSS after GC, MiB", ProcFs.rssKiB(pid) / 1024.0);
			result.put("heap after GC, MiB", heap);
			return result;
		}
	}

	/**
	 * Collect garbage and return what is left.
	 * @return the heap in use, in MiB
	 */
	static double heapAfterCollection(long pid) {
		jcmd(pid, "GC.run");
		jcmd(pid, "GC.run");
		return heapKiB(jcmd(pid, "GC.heap_info")) / 1024.0;
	}

	/**
	 * Return the sum over the generations, which some collectors list one by one.
	 */
	private static double heapKiB(String heapInfo) {
		return heapInfo.lines()
			.takeWhile((line) -> !line.contains("Metaspace"))
			.flatMap((line) -> USED.matcher(line).results())
			.map((used) -> Double.valueOf(used.group(1)))
			.reduce(Double::sum)
			.orElse(Double.NaN);
	}

	private static String jcmd(long pid, String command) {
		Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
		try {
			Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), command)
				.redirectErrorStream(true)
				.start();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
