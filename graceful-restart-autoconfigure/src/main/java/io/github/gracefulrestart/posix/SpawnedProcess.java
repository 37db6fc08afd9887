package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process started with {@code posix_spawn(3)}. {@link ProcessBuilder} passes only the
 * standard descriptors and not every byte in an argument. It also needs a helper program
 * of the JDK that refuses to work for a JVM of another version: when the JDK's files have
 * been replaced under a running JVM, {@link ProcessBuilder} can start no process.
 * <p>
 * The process gets the standard input of this one, pipes for standard output and error,
 * and the descriptors of {@link ChildDescriptors}; no signal is blocked in it. A thread
 * waits for its end.
 */
public final class SpawnedProcess extends Process {

	/**
	 * The exit status of a process that other code has reaped.
	 */
	public static final int UNKNOWN_STATUS = -1;

	private final ProcessHandle handle;

	private final InputStream output;

	private final InputStream error;

	private final CompletableFuture<Integer> status;

	private final CompletableFuture<Process> exit;

	SpawnedProcess(ProcessHandle handle, InputStream output, InputStream error, CompletableFuture<Integer> status) {
		this.handle = handle;
		this.output = output;
		this.error = error;
		this.status = status;
		this.exit = status.thenApply((ignored) -> this);
	}

	/**
	 * Start a process.
	 * @param program what to run
	 * @param environment all variables, as {@code NAME=value}
	 * @param directory the working directory
	 * @param passed the descriptors to pass
	 * @param shield raised for the moment in which the process begins
	 * @return the running process
	 * @throws IOException if it could not be started
	 */
	public static SpawnedProcess start(Program program, List<byte[]> environment, Path directory,
			PassedDescriptors passed, SignalShield shield) throws IOException {
		return new Spawn(shield).start(program, environment, directory, passed);
	}

	@Override
	public long pid() {
		return this.handle.pid();
	}

	@Override
	public ProcessHandle toHandle() {
		return this.handle;
	}

	@Override
	public OutputStream getOutputStream() {
		return OutputStream.nullOutputStream();
	}

	@Override
	public InputStream getInputStream() {
		return this.output;
	}

	@Override
	public InputStream getErrorStream() {
		return this.error;
	}

	@Override
	public boolean isAlive() {
		return !this.status.isDone();
	}

	@Override
	public int waitFor() throws InterruptedException {
		try {
			return this.status.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
		try {
			this.status.get(timeout, unit);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public int exitValue() {
		if (isAlive()) {
			throw new IllegalThreadStateException("the process has not exited");
		}
		return this.status.join();
	}

	@Override
	public CompletableFuture<Process> onExit() {
		return this.exit.copy();
	}

	@Override
	public void destroy() {
		this.handle.destroy();
	}

	@Override
	public Process destroyForcibly() {
		this.handle.destroyForcibly();
		return this;
	}

	@Override
	public boolean supportsNormalTermination() {
		return true;
	}

}
