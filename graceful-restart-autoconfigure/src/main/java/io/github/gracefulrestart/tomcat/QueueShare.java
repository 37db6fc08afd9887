package io.github.gracefulrestart.tomcat;

import java.util.Queue;
import java.util.concurrent.Executor;

import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.jspecify.annotations.Nullable;

/**
 * How many clients may be told to go at once, given the length of the request queue: each
 * reconnects with a request or two, to an application with a queue of the same length,
 * and requests that find it full are not answered.
 */
final class QueueShare {

	private static final int UNLIMITED = Integer.MAX_VALUE;

	/**
	 * The assumed length of the queue of an unknown kind of executor.
	 */
	private static final int UNKNOWN = 20;

	/**
	 * The time in which a quarter of the queue may be used.
	 */
	private static final long TURN = 10_000_000;

	private static final int QUARTER = 4;

	private final @Nullable Queue<Runnable> queue;

	private final int capacity;

	private long lastTaken = System.nanoTime() - TURN;

	/**
	 * Create the share.
	 * @param executor the executor of the requests
	 */
	QueueShare(@Nullable Executor executor) {
		if (executor instanceof org.apache.tomcat.util.threads.ThreadPoolExecutor tomcat) {
			this.queue = tomcat.getQueue();
			this.capacity = capacity(tomcat.getQueue().remainingCapacity(), this.queue.size(),
					tomcat.getMaximumPoolSize());
		}
		else if (executor instanceof java.util.concurrent.ThreadPoolExecutor threads) {
			this.queue = threads.getQueue();
			this.capacity = capacity(threads.getQueue().remainingCapacity(), this.queue.size(),
					threads.getMaximumPoolSize());
		}
		else {
			this.queue = null;
			this.capacity = (executor == null || executor instanceof VirtualThreadExecutor) ? UNLIMITED : UNKNOWN;
		}
	}

	private static int capacity(int remaining, int used, int threads) {
		long all = (long) remaining + used;
		// Without a queue each request needs a thread at once
		return (int) Math.min((all > 0) ? all : threads, UNLIMITED);
	}

	/**
	 * Return how many more may go now.
	 */
	int take() {
		if (this.capacity == UNLIMITED) {
			return UNLIMITED;
		}
		long now = System.nanoTime();
		int quarter = Math.max(1, this.capacity / QUARTER);
		if (now - this.lastTaken < TURN || (this.queue != null && this.queue.size() >= quarter)) {
			return 0;
		}
		this.lastTaken = now;
		return quarter;
	}

}
