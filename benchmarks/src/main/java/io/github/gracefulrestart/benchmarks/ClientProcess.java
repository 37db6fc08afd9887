package io.github.gracefulrestart.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.testsupport.client.ClientProgram;
import io.github.gracefulrestart.testsupport.client.Speaks;

/**
 * Clients as a process of their own.
 */
final class ClientProcess implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 90;

	private final String name;

	private final Process process;

	private final Path output;

	private final boolean curl;

	private ClientProcess(String name, boolean curl, List<String> command) {
		this.name = name;
		this.curl = curl;
		this.output = Path.of("benchmarks", "target", "logs", name + ".log");
		try {
			Files.createDirectories(this.output.getParent());
			this.process = new ProcessBuilder(command).redirectErrorStream(!curl)
				.redirectError(curl ? ProcessBuilder.Redirect.to(Path.of(this.output + ".errors").toFile())
						: ProcessBuilder.Redirect.PIPE)
				.redirectOutput(this.output.toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static ClientProcess java(String jdk, int port, List<String> loads) {
		List<String> command = new ArrayList<>(List.of(jdk + "/bin/java", "-Xmx192m", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), ClientProgram.class.getName(), String.valueOf(port)));
		command.addAll(loads);
		return new ClientProcess(Path.of(jdk).getFileName() + "-" + port, false, command);
	}

	/**
	 * POST requests one after the other, five a second, on the connection that curl
	 * keeps.
	 */
	static ClientProcess curl(Speaks protocol, int port) {
		String version = switch (protocol) {
			case HTTP1, HTTP1_TLS -> "--http1.1";
			// With prior knowledge curl 7.88.1 fails as soon as it uses a connection
			// again
			case H2, H2C -> "--http2";
		};
		String uri = (protocol.isTls() ? "https" : "http") + "://127.0.0.1:" + port + "/upload?n=[1-1000000]";
		return new ClientProcess("curl-" + protocol, true,
				List.of("curl", version, "--insecure", "--silent", "--show-error", "--rate", "300/m", "--data",
						"x".repeat(1000), "--header", "Content-Type: application/octet-stream", "--output", "/dev/null",
						"--write-out", "%{http_code} %{exitcode}\n", uri));
	}

	/**
	 * End the clients.
	 * @param out where to say how requests have failed
	 * @return with the name of each client how many requests were answered and failed
	 */
	Map<String, String[]> end(PrintStream out) {
		if (!this.process.isAlive()) {
			throw new AssertionError(this.name + " has ended; see " + this.output);
		}
		try {
			if (this.curl) {
				this.process.destroy();
			}
			else {
				this.process.getOutputStream().close();
			}
			if (!this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new AssertionError(this.name + " does not end; see " + this.output);
			}
			return this.curl ? readCurl() : read(out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	private Map<String, String[]> read(PrintStream out) throws IOException {
		Map<String, String[]> results = new LinkedHashMap<>();
		try (BufferedReader lines = Files.newBufferedReader(this.output, StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				String[] parts = line.split("\t");
				if (parts.length == 3) {
					results.put(parts[0] + " (" + this.name + ")", new String[] { parts[1], parts[2] });
				}
				else if (line.contains(" x ")) {
					out.println(this.name + ": " + line);
				}
			}
		}
		return results;
	}

	private Map<String, String[]> readCurl() throws IOException {
		String output = Files.readString(this.output);
		// The last line may be cut, because curl was ended
		List<String> lines = output.substring(0, output.lastIndexOf('\n') + 1).lines().toList();
		long answered = lines.stream().filter("200 0"::equals).count();
		return Map.of(this.name, new String[] { String.valueOf(answered), String.valueOf(lines.size() - answered) });
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
