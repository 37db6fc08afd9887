package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other on a thread of their own, which is there only while
 * there are some.
 */
final class OrderedTasks {

	private final String name;

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private @Nullable Thread thread;

	private boolean running;

	/**
	 * Create a queue.
	 * @param name the name of its thread
	 */
	OrderedTasks(String name) {
		this.name = name;
	}

	/**
	 * Run a task after those before it. Returns at once, and never fails: if no thread
	 * can be started, the task waits until the next one is added.
	 * @param task the task
	 */
	synchronized void run(Runnable task) {
		boolean idle = !this.running;
		try {
			this.waiting.add(task);
			if (idle) {
				this.running = true;
				Threads.startDaemon(this.name, this::runAll);
			}
		}
		catch (Throwable ex) {
			this.running = !idle;
			LastResort.log("No thread for " + this.name + ": what was to be done waits for the next time", ex);
		}
	}

	private void runAll() {
		synchronized (this) {
			this.thread = Thread.currentThread();
		}
		Runnable task = next(null);
		while (task != null) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				LastResort.log("Unexpected error in " + this.name, ex);
			}
			task = next(task);
		}
	}

	/**
	 * Return the next task. A task stays in the queue until it has been run.
	 */
	private synchronized @Nullable Runnable next(@Nullable Runnable done) {
		if (done != null) {
			this.waiting.remove();
		}
		Runnable task = this.waiting.peek();
		if (task == null) {
			this.running = false;
			this.thread = null;
		}
		notifyAll();
		return task;
	}

	/**
	 * Wait until all tasks have been run. Returns at once if called by one of the tasks.
	 * @param patience for how long at most
	 * @return whether they have been
	 */
	boolean await(Duration patience) {
		try {
			if (!isWithinTask()) {
				new Ticker().await(this::isIdleWithin, patience);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return isIdle();
	}

	private synchronized boolean isWithinTask() {
		return this.thread == Thread.currentThread();
	}

	private synchronized boolean isIdle() {
		return !this.running;
	}

	private synchronized boolean isIdleWithin(long nanos) throws InterruptedException {
		if (this.running) {
			TimeUnit.NANOSECONDS.timedWait(this, nanos);
		}
		return !this.running;
	}

}
