package io.github.gracefulrestart.tomcat;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which a connector ends connections while it drains, started when there
 * is something to do. What the drain causes takes no place in the application's queue;
 * and what the application's executor rejects meanwhile is done here, for the client of a
 * connection that is about to end has no other place.
 */
final class DrainThreads {

	/**
	 * More than one, because the write to a client that does not read blocks.
	 */
	private static final int MOST = 16;

	private static final long IDLE_SECONDS = 1;

	private final AtomicInteger number = new AtomicInteger();

	private final Executor ends = pool();

	/**
	 * Others, because requests may take long, and no client is to wait for those of
	 * others until it is told.
	 */
	private final Executor requests = pool();

	private Executor pool() {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), this::thread);
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	private Thread thread(Runnable task) {
		Thread thread = new Thread(task, "graceful-restart-drain-" + this.number.incrementAndGet());
		thread.setDaemon(true);
		// Not that of the thread which happens to create it: Tomcat would take it for one
		// that the application has forgotten
		thread.setContextClassLoader(DrainThreads.class.getClassLoader());
		return thread;
	}

	void execute(Runnable task) {
		this.ends.execute(task);
	}

	/**
	 * Return an executor that never rejects.
	 * @param application the executor that is asked first
	 */
	Executor behind(Executor application) {
		return (task) -> {
			try {
				application.execute(task);
			}
			catch (RejectedExecutionException ex) {
				this.requests.execute(task);
			}
		};
	}

}
