package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes application events in the order in which things happened, on a thread of its
 * own: a listener may take as long as it likes, fail, or never return, and no restart
 * waits for it. There is no such thread while there is nothing to publish.
 */
public final class RestartEvents {

	private final ApplicationEventPublisher publisher;

	private final Queue<ApplicationEvent> waiting = new ArrayDeque<>();

	private @Nullable Thread thread;

	private boolean running;

	public RestartEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Publish an event after those before it. Returns at once, and never fails.
	 * @param event the event
	 */
	public synchronized void publish(ApplicationEvent event) {
		boolean idle = !this.running;
		try {
			this.waiting.add(event);
			if (idle) {
				this.running = true;
				Threads.startDaemon("graceful-restart-events", this::run);
			}
		}
		catch (Throwable ex) {
			this.running = !idle;
			LastResort.log("Events of a restart could not be published and wait for the next event", ex);
		}
	}

	private void run() {
		synchronized (this) {
			this.thread = Thread.currentThread();
		}
		ApplicationEvent event = next(null);
		while (event != null) {
			publishNow(event);
			event = next(event);
		}
	}

	/**
	 * Return what comes after an event, which stays in the queue until it has been
	 * published.
	 */
	private synchronized @Nullable ApplicationEvent next(@Nullable ApplicationEvent published) {
		if (published != null) {
			this.waiting.remove();
		}
		ApplicationEvent event = this.waiting.peek();
		if (event == null) {
			this.running = false;
			this.thread = null;
			notifyAll();
		}
		return event;
	}

	private void publishNow(ApplicationEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			LastResort.log("A listener of " + event.getClass().getSimpleName() + " failed. The restart continues", ex);
		}
	}

	/**
	 * Wait until all events have been published, but not within a listener.
	 * @param patience for how long at most
	 */
	public synchronized void await(Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		try {
			while (this.running && this.thread != Thread.currentThread()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return;
				}
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
