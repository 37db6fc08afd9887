package io.github.gracefulrestart.posix;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of a process that need not be a child. The kernel reports it ({@code
 * pidfd_open(2)}), so that a later process with the same number is not mistaken for this
 * one. Kernels before 5.3 and some sandboxes do not have the call: there the process is
 * polled.
 */
public final class ProcessWatch implements Closeable {

	/** The same on all architectures. */
	private static final int PIDFD_OPEN = 434;

	private static final short POLLIN = 1;

	private static final Duration INTERVAL = Duration.ofMillis(5);

	private static final long FOR_EVER = Long.MAX_VALUE;

	private final long pid;

	private final @Nullable Descriptor descriptor;

	private ProcessWatch(long pid, @Nullable Descriptor descriptor) {
		this.pid = pid;
		this.descriptor = descriptor;
	}

	/**
	 * Begin to watch.
	 * @param pid the process id
	 * @return the watch, also if there is no such process
	 */
	public static ProcessWatch of(long pid) {
		try {
			int number = Native.libc().syscall(PIDFD_OPEN, (int) pid, 0);
			return new ProcessWatch(pid, (number >= 0) ? new Descriptor(number) : null);
		}
		catch (LinkageError ex) {
			// Where no native code can be loaded
			return withoutKernel(pid);
		}
	}

	/**
	 * Begin to watch by polling.
	 */
	static ProcessWatch withoutKernel(long pid) {
		return new ProcessWatch(pid, null);
	}

	/**
	 * Wait until the process has ended, reaped or not.
	 * @param patience for how long at most, or {@code null} for as long as it takes
	 * @return whether it has ended
	 * @throws PosixException if this watch has been closed
	 */
	public boolean await(@Nullable Duration patience) throws PosixException {
		long start = System.nanoTime();
		long limit = (patience != null) ? patience.toNanos() : FOR_EVER;
		long left = limit;
		while (true) {
			if (hasEnded(Math.max(0, left))) {
				return true;
			}
			left = (patience != null) ? limit - (System.nanoTime() - start) : FOR_EVER;
			if (left <= 0) {
				// It may have ended while this process was suspended
				return hasEnded(0);
			}
		}
	}

	private boolean hasEnded(long patience) throws PosixException {
		if (this.descriptor != null) {
			return poll(this.descriptor.number(), millis(patience));
		}
		boolean running = ProcessStatus.isRunning(this.pid);
		if (running && patience > 0) {
			LockSupport.parkNanos(Math.min(INTERVAL.toNanos(), patience));
		}
		return !running;
	}

	private static int millis(long nanos) {
		return (nanos > 0) ? (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1) : 0;
	}

	private static boolean poll(int number, int millis) throws PosixException {
		ByteBuffer waited = ByteBuffer.allocateDirect(Integer.BYTES + 2 * Short.BYTES).order(ByteOrder.nativeOrder());
		waited.putInt(number).putShort(POLLIN).putShort((short) 0).flip();
		int ready = Native.libc().poll(waited, 1, millis);
		if (ready < 0 && Native.posix().errno() == Errno.EINTR.intValue()) {
			return false;
		}
		return Native.check(ready, "poll(" + number + ")") > 0;
	}

	@Override
	public void close() {
		if (this.descriptor != null) {
			this.descriptor.close();
		}
	}

}
