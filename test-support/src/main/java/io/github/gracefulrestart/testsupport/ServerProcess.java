package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A server in a process of its own, and its successors. A restart replaces the process by
 * one that need not be our child: the process that serves is found by asking the server,
 * and {@link #close()} ends all processes that descend from the first one.
 * <p>
 * The server must answer {@code /hello} with its process id in the header {@code X-Pid}.
 * Methods that wait throw an {@link AssertionError} with the end of the output when the
 * time is up.
 */
public final class ServerProcess implements AutoCloseable {

	private static final int TAIL = 60;

	private static final Duration TO_ASK = Duration.ofSeconds(5);

	private final ProcessFamily family;

	private final Process process;

	private final Path output;

	private final boolean tls;

	private volatile int port;

	ServerProcess(ProcessFamily family, Process process, Path output, boolean tls) {
		this.family = family;
		this.process = process;
		this.output = output;
		this.tls = tls;
	}

	/**
	 * Prepare {@code java -jar}.
	 * @param jar the jar of the application
	 * @return what to start
	 */
	public static ServerProcessBuilder jar(Path jar) {
		return new ServerProcessBuilder(List.of("-jar", jar.toString()), true);
	}

	/**
	 * Prepare {@code java} with a main class and the class path of this JVM.
	 * @param mainClass the main class
	 * @return what to start
	 */
	public static ServerProcessBuilder main(Class<?> mainClass) {
		return new ServerProcessBuilder(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()),
				true);
	}

	/**
	 * Prepare {@code java} with any arguments that name what to run.
	 * @param what a class path and main class, for example
	 * @return what to start
	 */
	public static ServerProcessBuilder java(String... what) {
		return new ServerProcessBuilder(List.of(what), true);
	}

	/**
	 * Prepare any command, such as a shell that starts the server.
	 * @param command the program and its arguments
	 * @return what to start
	 */
	public static ServerProcessBuilder command(String... command) {
		return new ServerProcessBuilder(List.of(command), false);
	}

	/**
	 * Return the process that was started.
	 * @return its handle
	 */
	public ProcessHandle handle() {
		return this.process.toHandle();
	}

	/**
	 * Return the process that was started.
	 * @return its process id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return all processes that came of the first one and run: predecessors, successors
	 * and whatever they started.
	 * @return the processes
	 */
	public List<ProcessHandle> running() {
		return this.family.running();
	}

	/**
	 * Wait until the server answers with status 200.
	 * @param port the port on the loopback address, remembered for later questions
	 * @param path path and query
	 * @param patience how long to wait
	 * @return this
	 */
	public ServerProcess awaitReady(int port, String path, Duration patience) {
		this.port = port;
		await("ready on port " + port, patience, () -> {
			if (this.family.running().isEmpty()) {
				throw failed("The server ended before it was ready on port " + port);
			}
			return answers(path);
		});
		return this;
	}

	private boolean answers(String path) {
		try {
			return ask(path).status() == 200;
		}
		catch (RequestFailedException ex) {
			return false;
		}
	}

	private HttpAnswer ask(String path) throws RequestFailedException {
		try (RawHttp http = RawHttp.connect(this.port, this.tls, TO_ASK)) {
			http.write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			HttpAnswer answer = http.read();
			if (answer.pid() > 0) {
				this.family.addServing(answer.pid());
			}
			return answer;
		}
	}

	/**
	 * Ask, on a new connection, which process serves.
	 * @return the process id
	 */
	public long currentPid() {
		try {
			return ask("/hello").pid();
		}
		catch (RequestFailedException ex) {
			throw failed("Nobody said who serves on port " + this.port, ex);
		}
	}

	/**
	 * Wait until another process serves. While both accept, the first answer of the other
	 * one counts.
	 * @param oldPid the process that served before
	 * @param patience how long to wait
	 * @return the process that serves now
	 */
	public long awaitNewPid(long oldPid, Duration patience) {
		long[] pid = { -1 };
		await("a successor of pid " + oldPid, patience, () -> {
			try {
				pid[0] = ask("/hello").pid();
			}
			catch (RequestFailedException ex) {
				return false;
			}
			return pid[0] > 0 && pid[0] != oldPid;
		});
		return pid[0];
	}

	/**
	 * Wait until a process has ended. A zombie has ended, even if its parent did not reap
	 * it: see {@link ProcFs#zombiesOf}.
	 * @param pid the process
	 * @param patience how long to wait
	 */
	public void awaitExit(long pid, Duration patience) {
		long startTime = ProcFs.startTime(pid);
		await("the end of pid " + pid, patience, () -> !ProcFs.isRunning(pid) || ProcFs.startTime(pid) != startTime);
	}

	/**
	 * Wait until the first process has ended.
	 * @param patience how long to wait
	 * @return its exit code
	 */
	public int awaitExitCode(Duration patience) {
		try {
			return this.process.onExit().get(patience.toNanos(), TimeUnit.NANOSECONDS).exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("Interrupted", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw failed("The first process has not ended within " + patience, ex);
		}
	}

	/**
	 * Wait until the output contains a text.
	 * @param text the text
	 * @param patience how long to wait
	 */
	public void awaitOutput(String text, Duration patience) {
		await("'" + text + "' in the output", patience, () -> output().contains(text));
	}

	private void await(String what, Duration patience, BooleanSupplier condition) {
		if (!Poll.until(patience, condition)) {
			throw failed("Waited %s in vain for %s".formatted(patience, what));
		}
	}

	/**
	 * Send a signal to the first process.
	 * @param name the signal, such as {@code USR2}
	 */
	public void signal(String name) {
		signal(pid(), name);
	}

	/**
	 * Send a signal to any process.
	 * @param pid the process
	 * @param name the signal, such as {@code USR2}
	 */
	public void signal(long pid, String name) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw failed("kill -" + name + " " + pid + " failed with code " + kill.exitValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed("Interrupted", ex);
		}
	}

	/**
	 * Write to the standard input of the first process.
	 * @param text what is typed, if it is a terminal
	 */
	public void type(String text) {
		try {
			this.process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the output so far, of all processes that write to where the first one wrote.
	 * @return the output of the runs since the file was created
	 */
	public String output() {
		try {
			return new String(Files.readAllBytes(this.output), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the end of the output.
	 * @param lines the number of lines
	 * @return the lines
	 */
	public String tail(int lines) {
		List<String> all = output().lines().toList();
		return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
	}

	private AssertionError failed(String message) {
		return new AssertionError(message + ". End of " + this.output + ":\n" + tail(TAIL));
	}

	private AssertionError failed(String message, Exception cause) {
		AssertionError error = failed(message);
		error.initCause(cause);
		return error;
	}

	/**
	 * End every process that came of the first one, politely at first.
	 */
	@Override
	public void close() {
		assertEnded(this.family.end());
	}

	/**
	 * End every process that came of the first one at once, when it does not matter how
	 * they end.
	 */
	public void kill() {
		assertEnded(this.family.kill());
	}

	private void assertEnded(List<ProcessHandle> left) {
		if (!left.isEmpty()) {
			throw failed("These processes could not be ended: " + left);
		}
	}

}
