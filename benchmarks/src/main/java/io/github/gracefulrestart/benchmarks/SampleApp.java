package io.github.gracefulrestart.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.ServerProcess;
import io.github.gracefulrestart.testsupport.ServerProcessBuilder;

/**
 * The sample application, as the benchmarks start it.
 */
final class SampleApp {

	/**
	 * Unless probation itself is measured there is none: it adds ten seconds of waiting
	 * to each restart.
	 */
	private static final String PROBATION = "--graceful.restart.probation=";

	private static final Path JAR = Path.of("sample-app", "target", "sample-app.jar");

	private static final Path LOGS = Path.of("benchmarks", "target", "logs");

	private static final Duration TO_START = Duration.ofMinutes(2);

	private SampleApp() {
	}

	/**
	 * Start, and do not wait for anything.
	 * @param name the name of the log file
	 * @param port the port
	 * @param jvmArguments arguments for the JVM, separated by blanks
	 * @param arguments arguments for the application
	 * @return the running process
	 */
	static ServerProcess launch(String name, int port, String jvmArguments, String... arguments) {
		Path log = log(name);
		try {
			Files.deleteIfExists(log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ServerProcessBuilder builder = ServerProcess.jar(JAR).output(log).args("--server.port=" + port).args(arguments);
		if (List.of(arguments).stream().noneMatch((argument) -> argument.startsWith(PROBATION))) {
			builder.args(PROBATION + "0s");
		}
		List.of(jvmArguments.trim().split("\\s+"))
			.stream()
			.filter((argument) -> !argument.isEmpty())
			.forEach(builder::jvmArgs);
		ServerProcess server = builder.start();
		// Also when we are interrupted
		Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end-" + name));
		return server;
	}

	/**
	 * Start, and wait for the first answer.
	 */
	static ServerProcess start(String name, int port, String jvmArguments, String... arguments) {
		ServerProcess server = launch(name, port, jvmArguments, arguments);
		try {
			return server.awaitReady(port, "/actuator/health/readiness", TO_START);
		}
		catch (RuntimeException | Error ex) {
			server.close();
			throw ex;
		}
	}

	static Path log(String name) {
		return LOGS.resolve(name + ".log");
	}

	/**
	 * Let the JIT compiler see some requests of both kinds before anything is measured.
	 */
	static void warmUp(int port, long requests) {
		LoadGenerator.start(LoadSettings.keepAlive(port, 8).requests(requests / 2)).await(TO_START);
		LoadGenerator.start(LoadSettings.close(port, 8).requests(requests / 2)).await(TO_START);
	}

	/**
	 * Find a port that is free at this moment.
	 */
	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
