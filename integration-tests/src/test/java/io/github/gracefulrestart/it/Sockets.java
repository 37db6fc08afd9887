package io.github.gracefulrestart.it;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What the kernel says about listening sockets.
 */
final class Sockets {

	private Sockets() {
	}

	/**
	 * Return the length of the queue of connections that wait to be accepted.
	 */
	static int backlog(int port) throws Exception {
		Process probe = new ProcessBuilder("sh", "-c", "command -v ss").start();
		assumeThat(probe.waitFor()).as("'ss' is installed: /proc does not show the length of the queue").isZero();
		Process process = new ProcessBuilder("ss", "-Hltn", "sport = :" + port).redirectErrorStream(true).start();
		String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		process.waitFor();
		// State, Recv-Q, Send-Q, local address, peer; for a listener Send-Q is the limit
		return Integer.parseInt(line.split("\\s+")[2]);
	}

}
