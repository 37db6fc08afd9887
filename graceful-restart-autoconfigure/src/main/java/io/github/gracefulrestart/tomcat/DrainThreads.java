package io.github.gracefulrestart.tomcat;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which a connector ends connections while it drains, started when there
 * is work. The work of the drain takes no place in the application's queue. Requests that
 * the application's executor rejects in the meantime are served here, too, because the
 * clients of these connections cannot reach another process by them.
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
	 * Separate threads, because requests may take long, and must not delay the messages
	 * that tell clients to go.
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
		// Not the class loader of the creating thread, because Tomcat would treat the
		// new thread as one that the application has forgotten
		thread.setContextClassLoader(DrainThreads.class.getClassLoader());
		return thread;
	}

	void execute(Runnable task) {
		this.ends.execute(task);
	}

	/**
	 * Return an executor that never rejects.
	 * @param application the executor that is tried first
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
