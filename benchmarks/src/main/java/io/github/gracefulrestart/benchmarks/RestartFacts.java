package io.github.gracefulrestart.benchmarks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.TimeWindow;

/**
 * One completed restart: what we saw from outside, and what the successor reports.
 *
 * @param trigger what asked for it
 * @param predecessorPid the process that was asked
 * @param successorPid the process that serves now
 * @param generation its generation
 * @param window from the trigger to the predecessor's exit
 * @param handoverGapMillis by the successor's report; not a number if it is not known
 * @param phases milliseconds by phase
 * @param connections what became of the predecessor's connections
 */
record RestartFacts(String trigger, long predecessorPid, long successorPid, int generation, TimeWindow window,
		double handoverGapMillis, Map<String, Long> phases, Map<String, Long> connections) {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final Pattern NUMBER = Pattern.compile("\"([A-Za-z]+)\":(-?[0-9.]+(?:E-?[0-9]+)?)");

	private static final Pattern PHASE = Pattern.compile("\\{\"name\":\"([a-z-]+)\",\"millis\":([0-9]+)\\}");

	/**
	 * Restart, and wait until the predecessor is gone.
	 * @param server the server
	 * @param port its port
	 * @param trigger the name of a signal, or {@code endpoint}
	 */
	static RestartFacts restart(ServerProcess server, int port, String trigger) {
		Status before = Status.of(port);
		long from = System.nanoTime();
		if (trigger.equals("endpoint")) {
			post(port);
		}
		else {
			server.signal(before.pid(), trigger);
		}
		server.awaitExit(before.pid(), PATIENCE);
		TimeWindow window = TimeWindow.since(from);
		Status after = awaitServing(server, port, before.generation() + 1);
		return new RestartFacts(trigger, before.pid(), after.pid(), after.generation(), window,
				after.last().getOrDefault("handoverGapMillis", Double.NaN), after.phases(), after.connections());
	}

	/**
	 * Return which process serves.
	 * @param port its port
	 */
	static long servingPid(int port) {
		return Status.of(port).pid();
	}

	private static void post(int port) {
		try (RawHttp http = RawHttp.connect(port, false, PATIENCE)) {
			http.write("POST /actuator/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
			String answer = http.read().toString();
			if (!answer.startsWith("202")) {
				throw new AssertionError("POST /actuator/reload: " + answer);
			}
		}
		catch (RequestFailedException ex) {
			throw new AssertionError("POST /actuator/reload failed", ex);
		}
	}

	/**
	 * The predecessor's end is known to the kernel before it is known to the successor.
	 */
	private static Status awaitServing(ServerProcess server, int port, int generation) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (System.nanoTime() - deadline < 0) {
			Status status = Status.of(port);
			if (status.state().equals("serving") && status.generation() == generation && !status.last().isEmpty()) {
				return status;
			}
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
		throw new AssertionError("Generation " + generation + " does not serve. End of the log:\n" + server.tail(40));
	}

	/**
	 * What {@code GET /actuator/reload} says.
	 */
	private record Status(String state, int generation, long pid, Map<String, Double> last, Map<String, Long> phases,
			Map<String, Long> connections) {

		private static Status of(int port) {
			try (RawHttp http = RawHttp.connect(port, false, PATIENCE)) {
				return parse(http.get("/actuator/reload").text());
			}
			catch (RequestFailedException ex) {
				throw new AssertionError("GET /actuator/reload failed", ex);
			}
		}

		private static Status parse(String json) {
			int split = json.indexOf("\"lastRestart\":");
			String head = (split >= 0) ? json.substring(0, split) : json;
			String tail = (split >= 0) ? json.substring(split) : "";
			Map<String, Double> numbers = numbers(head);
			Map<String, Long> phases = new LinkedHashMap<>();
			for (Matcher matcher = PHASE.matcher(tail); matcher.find();) {
				phases.put(matcher.group(1), Long.valueOf(matcher.group(2)));
			}
			Map<String, Long> connections = new LinkedHashMap<>();
			numbers(tail.substring(Math.max(0, tail.lastIndexOf("\"connections\":"))))
				.forEach((name, value) -> connections.put(name, value.longValue()));
			return new Status(head.replaceFirst("(?s).*?\"state\":\"([a-z-]+)\".*", "$1"),
					numbers.getOrDefault("generation", 0.0).intValue(), numbers.getOrDefault("pid", 0.0).longValue(),
					numbers(tail), phases, connections);
		}

		private static Map<String, Double> numbers(String json) {
			Map<String, Double> numbers = new LinkedHashMap<>();
			for (Matcher matcher = NUMBER.matcher(json); matcher.find();) {
				numbers.putIfAbsent(matcher.group(1), Double.valueOf(matcher.group(2)));
			}
			return numbers;
		}

	}

}
