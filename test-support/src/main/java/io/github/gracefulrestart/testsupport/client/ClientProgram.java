package io.github.gracefulrestart.testsupport.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients as a process of their own, for another JDK than that of the caller. Says what
 * they have seen when its standard input ends: a line with the name, the number of
 * answers and that of failures of each, separated by tabs, and one with each kind of
 * failure.
 */
public final class ClientProgram {

	private ClientProgram() {
	}

	/**
	 * Run.
	 * @param arguments the port and, for each load, client, protocol, threads and pause
	 * in milliseconds, separated by commas
	 * @throws IOException if the standard input cannot be read
	 */
	public static void main(String[] arguments) throws IOException {
		int port = Integer.parseInt(arguments[0]);
		List<ClientLoad> loads = new ArrayList<>();
		for (int i = 1; i < arguments.length; i++) {
			String[] parts = arguments[i].split(",");
			loads.add(ClientLoad.start(ClientKind.valueOf(parts[0]), Speaks.valueOf(parts[1]), port,
					Integer.parseInt(parts[2]), Duration.ofMillis(Long.parseLong(parts[3]))));
		}
		while (System.in.read() >= 0) {
			// until it ends
		}
		for (ClientLoad load : loads) {
			load.stop();
			long failures = load.failures().values().stream().mapToLong(Long::longValue).sum();
			System.out.println(load.name() + "\t" + load.answers() + "\t" + failures);
			load.failures().forEach((how, count) -> System.out.println(count + " x " + how));
		}
		System.exit(0);
	}

}
