package io.github.gracefulrestart.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import io.github.gracefulrestart.testsupport.ServerProcess;
import org.awaitility.Awaitility;

/**
 * The sample application as a running service, in a directory of its own below
 * {@code target} with an output file and a directory for temporary files.
 */
public final class SampleService implements AutoCloseable {

	/**
	 * How long anything may take that takes seconds when nothing else runs. It only
	 * decides how long a failure takes.
	 */
	public static final Duration PATIENCE = Duration.ofMinutes(3);

	/**
	 * Arguments of the JVM that every service gets.
	 */
	public static final List<String> JVM_ARGUMENTS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m",
			"-Xshare:auto");

	/**
	 * Lets half a request wait for a successor, however long that takes to start.
	 */
	public static final String PATIENT_CONNECTIONS = "--server.tomcat.connection-timeout=2m";

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+) ");

	private static final int ACCEPTED = 202;

	private final ServerProcess process;

	private final Path directory;

	private final Path temporary;

	private volatile int port;

	private final boolean tls;

	private SampleService(ServerProcess process, Path directory, Path temporary, int port, boolean tls) {
		this.process = process;
		this.directory = directory;
		this.temporary = temporary;
		this.port = port;
		this.tls = tls;
	}

	/**
	 * Prepare a service.
	 * @param name the name of its directory
	 * @return what to start
	 */
	public static Builder named(String name) {
		return new Builder(name);
	}

	/**
	 * Find a port that is not in use, and that this method does not return again while
	 * this JVM runs, neither to another test nor to the tests of another build on this
	 * machine.
	 * @return the port
	 */
	public static int freePort() {
		return Ports.free();
	}

	/**
	 * Return the processes behind the service.
	 * @return the processes
	 */
	public ServerProcess process() {
		return this.process;
	}

	/**
	 * Return the service's own directory.
	 * @return the working directory, unless the builder said otherwise
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Return the directory that the service uses for temporary files.
	 * @return the directory, deleted when this service is closed
	 */
	public Path temporaryDirectory() {
		return this.temporary;
	}

	/**
	 * Return the server port.
	 * @return the port on the loopback address
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Make one GET request on a connection of its own.
	 * @param path path and query
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer get(String path) throws RequestFailedException {
		return request("GET", this.port, path);
	}

	/**
	 * Make one POST request without a body on a connection of its own.
	 * @param path path and query
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer post(String path) throws RequestFailedException {
		return request("POST", this.port, path);
	}

	/**
	 * Make one request without a body on a connection of its own.
	 * @param method the method
	 * @param toPort another port of the service
	 * @param path path and query
	 * @return the answer
	 * @throws RequestFailedException if there is no complete answer
	 */
	public HttpAnswer request(String method, int toPort, String path) throws RequestFailedException {
		try (RawHttp http = connect(toPort)) {
			http.write(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
					+ ("POST".equals(method) ? "Content-Length: 0\r\n" : "") + "\r\n");
			return http.read();
		}
	}

	/**
	 * Connect to the server port.
	 * @return a connection that waits patiently
	 * @throws RequestFailedException if there is no connection
	 */
	public RawHttp connect() throws RequestFailedException {
		return connect(this.port);
	}

	private RawHttp connect(int toPort) throws RequestFailedException {
		return RawHttp.connect(toPort, this.tls, PATIENCE);
	}

	/**
	 * Return the id of the process that serves now. While predecessor and successor both
	 * accept, it may be either of them.
	 * @return the process id
	 */
	public long pid() {
		return this.process.currentPid();
	}

	/**
	 * Ask for a restart by signal, and wait until the successor accepts all connections
	 * and the predecessor none.
	 * @return the restart
	 */
	public Restart handOver() {
		return handOver("USR2");
	}

	/**
	 * Ask for a restart by signal, and wait until the successor accepts all connections
	 * and the predecessor none.
	 * @param signal the name of the signal
	 * @return the restart
	 */
	public Restart handOver(String signal) {
		return beginRestart(signal).awaitHandover();
	}

	/**
	 * Ask for a restart by signal.
	 * @return the restart under way
	 */
	public Pending beginRestart() {
		return beginRestart("USR2");
	}

	private Pending beginRestart(String signal) {
		Pending pending = expectRestart();
		this.process.signal(pending.predecessor, signal);
		return pending;
	}

	/**
	 * Record the process that serves now, before a restart is requested in any way.
	 * @return the restart that will be under way
	 */
	public Pending expectRestart() {
		return new Pending(pid(), generation() + 1, this.process.output().length());
	}

	/**
	 * Ask for a restart over HTTP, and wait until the successor accepts all connections
	 * and the predecessor none.
	 * @param toPort the port on which the endpoint is
	 * @return the restart
	 * @throws RequestFailedException if there is no complete answer
	 */
	public Restart handOverByEndpoint(int toPort) throws RequestFailedException {
		Pending pending = expectRestart();
		HttpAnswer answer = request("POST", toPort, "/actuator/reload");
		if (answer.status() != ACCEPTED) {
			throw new AssertionError("The endpoint answered " + answer);
		}
		return pending.awaitHandover();
	}

	/**
	 * Restart by signal, and wait until the predecessor is gone and the successor ready
	 * for the next restart.
	 * @return the restart
	 */
	public Restart restart() {
		return awaitPredecessorGone(handOver());
	}

	/**
	 * Wait until the predecessor is gone and the successor knows.
	 * @param restart the restart
	 * @return the restart
	 */
	public Restart awaitPredecessorGone(Restart restart) {
		this.process.awaitExit(restart.predecessor(), PATIENCE);
		this.process.awaitOutput(LogLines.predecessorGone(restart.predecessor()), PATIENCE);
		return restart;
	}

	private void awaitPort() {
		this.process.awaitOutput(" with context path", PATIENCE);
		Matcher matcher = STARTED.matcher(this.process.output());
		if (!matcher.find()) {
			throw new AssertionError("No port in the output:\n" + this.process.tail(20));
		}
		this.port = Integer.parseInt(matcher.group(1));
	}

	private int generation() {
		int generation = 1;
		while (this.process.output().contains(handoverText(generation + 1))) {
			generation++;
		}
		return generation;
	}

	/** Said by the predecessor as soon as its gates are closed. */
	private static String handoverText(int generation) {
		return LogLines.takenOver(generation);
	}

	/**
	 * Kill whatever still runs: a test that wants to see an end in order asks for it.
	 */
	@Override
	public void close() {
		this.process.kill();
		FileTree.deleteRecursively(this.temporary);
	}

	/**
	 * The processes of one restart.
	 *
	 * @param predecessor the process id of the predecessor
	 * @param successor the process id of the successor
	 */
	public record Restart(long predecessor, long successor) {

	}

	/**
	 * A restart that has been or will be asked for.
	 */
	public final class Pending {

		private static final Pattern ACTIVE = LogLines.ACTIVE;

		private final long predecessor;

		private final int generation;

		private final int outputLength;

		private Pending(long predecessor, int generation, int outputLength) {
			this.predecessor = predecessor;
			this.generation = generation;
			this.outputLength = outputLength;
		}

		/**
		 * Wait for output that is written after the restart was asked for.
		 * @param text the text
		 */
		public void awaitOutput(String text) {
			Awaitility.await().atMost(PATIENCE).until(() -> newOutput().contains(text));
		}

		private String newOutput() {
			return SampleService.this.process.output().substring(this.outputLength);
		}

		/**
		 * Wait until the successor accepts all connections and the predecessor none.
		 * @return the restart
		 */
		public Restart awaitHandover() {
			SampleService.this.process.awaitOutput(handoverText(this.generation), PATIENCE);
			return new Restart(this.predecessor, pid());
		}

		/**
		 * Return how many connections the predecessor worked on when it closed its gates.
		 * @return the number of connections with a request
		 */
		public int activeAtHandover() {
			Matcher matcher = ACTIVE.matcher(newOutput());
			if (!matcher.find()) {
				throw new AssertionError("Not handed over: " + newOutput());
			}
			return Integer.parseInt(matcher.group(1));
		}

	}

	/**
	 * What to start, and how.
	 */
	public static final class Builder extends ServiceSettings<Builder> {

		private Builder(String name) {
			super(name);
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Start the service and wait until it is ready.
		 * @return the running service
		 */
		public SampleService start() {
			SampleService service = launch();
			try {
				if (service.port == 0) {
					service.awaitPort();
				}
				service.process.awaitReady(service.port, readiness(), PATIENCE);
				return service;
			}
			catch (AssertionError | RuntimeException ex) {
				service.close();
				throw ex;
			}
		}

		/**
		 * Start the service without waiting.
		 * @return the service that starts
		 */
		public SampleService launch() {
			complete();
			try {
				// Not below the directory: the path of a socket must not be long
				Path temporary = Files.createTempDirectory("it-");
				return new SampleService(startProcess(temporary), directory(), temporary, port(), isTls());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
