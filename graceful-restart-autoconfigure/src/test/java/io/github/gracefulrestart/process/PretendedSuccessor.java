package io.github.gracefulrestart.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A pretended process with the process id of this JVM, so that a predecessor accepts
 * connections from here.
 */
public final class PretendedSuccessor extends Process {

	private static final int TERMINATED = 143;

	private final CompletableFuture<Process> exit = new CompletableFuture<>();

	private volatile int status;

	/**
	 * Return what the predecessor knows it as.
	 * @return the successor
	 */
	public SuccessorProcess asLaunched() {
		return new SuccessorProcess(this);
	}

	/**
	 * End it.
	 * @param exitStatus what it exits with, unless it has ended already
	 */
	public void exit(int exitStatus) {
		synchronized (this.exit) {
			if (this.exit.isDone()) {
				return;
			}
			this.status = exitStatus;
		}
		this.exit.complete(this);
	}

	@Override
	public OutputStream getOutputStream() {
		return OutputStream.nullOutputStream();
	}

	@Override
	public InputStream getInputStream() {
		return InputStream.nullInputStream();
	}

	@Override
	public InputStream getErrorStream() {
		return InputStream.nullInputStream();
	}

	@Override
	public long pid() {
		return ProcessHandle.current().pid();
	}

	@Override
	public CompletableFuture<Process> onExit() {
		// Told on another thread, as of a real process
		return this.exit.thenApplyAsync(Function.identity());
	}

	@Override
	public int waitFor() {
		this.exit.join();
		return this.status;
	}

	@Override
	public boolean waitFor(long timeout, TimeUnit unit) {
		return this.exit.isDone();
	}

	@Override
	public int exitValue() {
		if (!this.exit.isDone()) {
			throw new IllegalThreadStateException("it has not ended");
		}
		return this.status;
	}

	@Override
	public void destroy() {
		exit(TERMINATED);
	}

}
