package io.github.gracefulrestart.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.ServerProcess;

/**
 * Requests per second of the same application with the starter switched on and off, and
 * the processor time that each request takes, which other processes of the machine
 * influence less.
 */
final class ThroughputBenchmark {

	private static final int CONNECTIONS = 16;

	private static final int WARM_UP = 20_000;

	private static final Pattern REQUESTS = Pattern.compile("([0-9]+) requests in");

	private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

	private final int pairs;

	private final int seconds;

	private final int port;

	private final String jvmArguments;

	private final boolean wrk = isWrkPresent();

	private final PrintStream out;

	ThroughputBenchmark(List<String> arguments, PrintStream out) {
		Options options = Options.parse(arguments, "pairs", "seconds", "port", "jvm");
		this.pairs = options.number("pairs", 10);
		this.seconds = options.number("seconds", 8);
		this.port = options.number("port", SampleApp.freePort());
		this.jvmArguments = options.text("jvm", "");
		this.out = out;
	}

	void run() {
		this.out.println("Requests per second, " + CONNECTIONS + " connections, " + this.seconds
				+ " s for each figure, by " + (this.wrk ? "wrk" : "the load generator of the tests"));
		new Pairs("enabled", "disabled", this.out).run(this.pairs, (variant, pair) -> measure(variant));
	}

	private Map<String, Double> measure(String variant) {
		Map<String, Double> result = new LinkedHashMap<>();
		try (ServerProcess server = SampleApp.start("throughput-" + variant, this.port, this.jvmArguments,
				"--graceful.restart.enabled=" + variant.equals("enabled"))) {
			SampleApp.warmUp(this.port, WARM_UP);
			load(true, 1 + this.seconds / 2);
			load(false, 1 + this.seconds / 2);
			measure(server.pid(), true, "keep-alive", result);
			measure(server.pid(), false, "new connections", result);
			if (!server.handle().isAlive()) {
				throw new AssertionError("The application has died:\n" + server.tail(40));
			}
		}
		return result;
	}

	private void measure(long pid, boolean keepAlive, String name, Map<String, Double> result) {
		long before = ProcFs.cpuMillis(pid);
		Answered answered = load(keepAlive, this.seconds);
		long used = ProcFs.cpuMillis(pid) - before;
		result.put(name + ", requests/s", answered.perSecond());
		result.put(name + ", CPU µs/request", used * 1e3 / answered.requests());
	}

	private Answered load(boolean keepAlive, int time) {
		return this.wrk ? wrk(keepAlive, time) : own(keepAlive, time);
	}

	private Answered own(boolean keepAlive, int time) {
		LoadGenerator load = LoadGenerator.start(keepAlive ? LoadSettings.keepAlive(this.port, CONNECTIONS)
				: LoadSettings.close(this.port, CONNECTIONS));
		LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(time));
		LoadReport report = load.stop();
		return new Answered(report.ok(), report.ok() * 1e9 / (report.ended() - report.started()));
	}

	private Answered wrk(boolean keepAlive, int time) {
		List<String> command = new ArrayList<>(
				List.of("wrk", "-t", "1", "-c", String.valueOf(CONNECTIONS), "-d", time + "s"));
		if (!keepAlive) {
			command.addAll(List.of("-H", "Connection: close"));
		}
		command.add("http://127.0.0.1:" + this.port + "/hello");
		String output = output(command);
		Matcher rate = RATE.matcher(output);
		Matcher requests = REQUESTS.matcher(output);
		if (!rate.find() || !requests.find() || output.contains("Non-2xx")) {
			throw new AssertionError("wrk says: " + output);
		}
		return new Answered(Long.parseLong(requests.group(1)), Double.parseDouble(rate.group(1)));
	}

	private static boolean isWrkPresent() {
		try {
			return output(List.of("wrk", "-v")).contains("wrk");
		}
		catch (UncheckedIOException ex) {
			return false;
		}
	}

	private static String output(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			process.getOutputStream().close();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What was answered under one load.
	 */
	private record Answered(long requests, double perSecond) {

	}

}
