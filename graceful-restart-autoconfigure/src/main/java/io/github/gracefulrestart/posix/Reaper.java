package io.github.gracefulrestart.posix;

import java.util.concurrent.CompletableFuture;

import jnr.constants.platform.Errno;

/**
 * Waits for the end of one child on a thread that is started before the child. If no
 * thread can be started, no child is started either, so none goes unwatched.
 */
final class Reaper {

	private static final long NOBODY = 0;

	private final CompletableFuture<Long> child = new CompletableFuture<>();

	private final CompletableFuture<Integer> status = new CompletableFuture<>();

	private Reaper() {
	}

	static Reaper start() {
		Reaper reaper = new Reaper();
		Thread thread = new Thread(() -> reaper.reap(reaper.child.join()), "graceful-restart-reaper");
		thread.setDaemon(true);
		thread.start();
		return reaper;
	}

	/**
	 * Set the child to wait for.
	 */
	void watch(long pid) {
		this.child.complete(pid);
	}

	/**
	 * Cancel the wait, unless a child has been set.
	 */
	void release() {
		this.child.complete(NOBODY);
	}

	/**
	 * Return the exit status, 128 + n for signal n, known when the child has been reaped,
	 * or {@link SpawnedProcess#UNKNOWN_STATUS} if it cannot be.
	 */
	CompletableFuture<Integer> status() {
		return this.status;
	}

	private void reap(long pid) {
		if (pid == NOBODY) {
			return;
		}
		int ended = SpawnedProcess.UNKNOWN_STATUS;
		try {
			ended = await(pid);
		}
		finally {
			this.status.complete(ended);
		}
	}

	private static int await(long pid) {
		int[] result = new int[1];
		int reaped;
		do {
			reaped = Native.posix().waitpid(pid, result, 0);
		}
		while (reaped < 0 && Native.posix().errno() == Errno.EINTR.intValue());
		if (reaped != pid) {
			return SpawnedProcess.UNKNOWN_STATUS;
		}
		int signal = result[0] & 0x7f;
		return (signal != 0) ? 128 + signal : (result[0] >> 8) & 0xff;
	}

}
