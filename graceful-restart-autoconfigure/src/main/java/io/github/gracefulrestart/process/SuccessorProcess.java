package io.github.gracefulrestart.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The launched successor. Until it takes over its own output, what it writes is passed on
 * to this JVM's standard output and error, and the tail is kept to explain a failure.
 *
 * @since 0.1.0
 */
public final class SuccessorProcess {

	private final Process process;

	private final OutputTail tail = new OutputTail();

	private final Thread[] pumps;

	SuccessorProcess(Process process) {
		this.process = process;
		this.pumps = new Thread[] { pump(process.getInputStream(), StandardOutput.out(), "output"),
				pump(process.getErrorStream(), StandardOutput.err(), "error") };
	}

	private Thread pump(InputStream from, OutputStream to, String name) {
		Thread thread = new Thread(() -> copy(from, to), "graceful-restart-successor-" + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void copy(InputStream from, OutputStream to) {
		byte[] buffer = new byte[8192];
		try (from) {
			int length;
			while ((length = from.read(buffer)) >= 0) {
				this.tail.append(buffer, length);
				to.write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// The successor has ended: nothing to pass on
		}
	}

	/**
	 * Return the process id.
	 * @return the pid
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return whether the process runs.
	 * @return {@code true} until it has exited
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Ask to be told when the process has exited and been reaped.
	 * @param listener is given the exit status, 128 + n for signal n; called on any
	 * thread
	 */
	public void onExit(IntConsumer listener) {
		var unused = this.process.onExit().thenAccept((exited) -> listener.accept(exited.exitValue()));
	}

	/**
	 * Return the end of what the process has written so far. After its exit, waits a
	 * moment for the last of it.
	 * @return some kilobytes of text at most, possibly empty
	 */
	public String outputTail() {
		if (!this.process.isAlive()) {
			for (Thread pump : this.pumps) {
				try {
					pump.join(Duration.ofSeconds(1).toMillis());
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}
		return this.tail.toString();
	}

	/**
	 * End the process: ask with SIGTERM, and when the time is up use SIGKILL. Returns
	 * when it has been reaped.
	 * @param patience the time between the two signals
	 */
	public void terminate(Duration patience) {
		this.process.destroy();
		try {
			if (!this.process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
				this.process.destroyForcibly();
				this.process.waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
