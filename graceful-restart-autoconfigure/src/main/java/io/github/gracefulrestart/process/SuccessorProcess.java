package io.github.gracefulrestart.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

import io.github.gracefulrestart.posix.SpawnedProcess;
import io.github.gracefulrestart.state.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The launched successor. Until it takes over its own output, what it writes is passed on
 * to this JVM's standard output and error, and the tail is kept to explain a failure.
 */
public final class SuccessorProcess {

	/**
	 * The exit status of a successor that is not known: because a program that keeps
	 * running is its parent, because a program has left it in the background, or because
	 * the kernel does not tell.
	 */
	public static final int UNKNOWN_STATUS = SpawnedProcess.UNKNOWN_STATUS;

	private static final Duration LOOK = Duration.ofMillis(100);

	private final Process process;

	private final OutputTail tail = new OutputTail();

	private final Thread[] pumps;

	private final @Nullable LaunchedFamily family;

	private final CompletableFuture<ProcessHandle> jvm = new CompletableFuture<>();

	SuccessorProcess(Process process) {
		this(process, null);
	}

	/**
	 * Create a successor.
	 * @param process what was launched
	 * @param family the processes that it started, if it is a program that starts the
	 * successor, or {@code null} if it is the successor
	 */
	SuccessorProcess(Process process, @Nullable LaunchedFamily family) {
		this.process = process;
		this.family = family;
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
			// The successor has ended, so there is nothing to pass on
		}
	}

	/**
	 * Return the process id.
	 * @return the pid of the successor, or, until it has connected, of the program that
	 * starts it
	 */
	public long pid() {
		ProcessHandle successor = this.jvm.getNow(null);
		return (successor != null) ? successor.pid() : this.process.pid();
	}

	/**
	 * Return whether the successor is started by a program that was launched.
	 * @return {@code false} if it was launched itself
	 */
	public boolean isStartedByCommand() {
		return this.family != null;
	}

	/**
	 * Return whether a process that knows the token may be the successor.
	 * @param pid its process id
	 * @return {@code true} if it was launched, or if a program that was launched may have
	 * started it
	 */
	public boolean mayBe(long pid) {
		return this.family != null || pid == this.process.pid();
	}

	/**
	 * Set the process that is the successor.
	 * @param pid its process id
	 */
	public void connected(long pid) {
		if (this.family != null) {
			ProcessHandle.of(pid).ifPresent(this.jvm::complete);
		}
	}

	/**
	 * Return whether the process runs.
	 * @return {@code true} until it has exited
	 */
	public boolean isAlive() {
		ProcessHandle successor = this.jvm.getNow(null);
		return (successor != null) ? LaunchedFamily.isRunning(successor) : this.process.isAlive();
	}

	/**
	 * Ask to be told when the successor has exited and been reaped.
	 * @param listener is given the exit status, 128 + n for signal n, or
	 * {@link #UNKNOWN_STATUS}; called on any thread
	 */
	public void onExit(IntConsumer listener) {
		if (this.family == null) {
			var unused = this.process.onExit().thenAccept((exited) -> listener.accept(exited.exitValue()));
			return;
		}
		LaunchedFamily launched = this.family;
		Thread watch = new Thread(() -> listener.accept(awaitEnd(launched)), "graceful-restart-launch");
		watch.setDaemon(true);
		watch.start();
	}

	/**
	 * A program that exits with 0 may have left the successor in the background. A
	 * program that exits with another status, or leaves no process behind, has failed. If
	 * the program is the parent of the successor and exits immediately after it, its
	 * status counts as that of the successor.
	 */
	private int awaitEnd(LaunchedFamily launched) {
		while (!this.jvm.isDone()) {
			if (!this.process.isAlive() && (this.process.exitValue() > 0 || launched.running(null).isEmpty())
					&& !this.jvm.isDone()) {
				return this.process.exitValue();
			}
			pause();
		}
		ProcessHandle successor = this.jvm.join();
		boolean child = true;
		while (LaunchedFamily.isRunning(successor)) {
			child = this.process.isAlive();
			pause();
		}
		return (child && awaitLaunched()) ? this.process.exitValue() : UNKNOWN_STATUS;
	}

	/**
	 * The thread that watches ignores interrupts, which are not meant for it and would
	 * keep it from pausing.
	 */
	private static void pause() {
		LockSupport.parkNanos(LOOK.toNanos());
		Thread.interrupted();
	}

	private boolean awaitLaunched() {
		try {
			return this.process.waitFor(LOOK.toMillis() * 5, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
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
	 * when it has been reaped, or when this thread is interrupted, which makes it SIGKILL
	 * at once. The processes that a launched program has started are ended, too.
	 * @param patience the time between the two signals. Time in which this process is
	 * suspended does not count
	 */
	public void terminate(Duration patience) {
		if (this.family != null) {
			terminate(this.family, patience);
			return;
		}
		this.process.destroy();
		try {
			if (!new Ticker().await((nanos) -> this.process.waitFor(nanos, TimeUnit.NANOSECONDS), patience)) {
				this.process.destroyForcibly();
				this.process.waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	private void terminate(LaunchedFamily launched, Duration patience) {
		ProcessHandle successor = this.jvm.getNow(null);
		Set<ProcessHandle> members = launched.running(successor);
		members.forEach(ProcessHandle::destroy);
		if (!awaitEnd(members, patience)) {
			members.addAll(launched.running(successor));
			members.forEach(ProcessHandle::destroyForcibly);
			awaitEnd(members, patience);
		}
	}

	private static boolean awaitEnd(Set<ProcessHandle> members, Duration patience) {
		try {
			return new Ticker().await((nanos) -> haveEndedWithin(members, nanos), patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static boolean haveEndedWithin(Set<ProcessHandle> members, long nanos) throws InterruptedException {
		if (members.stream().anyMatch(LaunchedFamily::isRunning)) {
			TimeUnit.NANOSECONDS.sleep(Math.min(nanos, LOOK.toNanos()));
		}
		return members.stream().noneMatch(LaunchedFamily::isRunning);
	}

}
