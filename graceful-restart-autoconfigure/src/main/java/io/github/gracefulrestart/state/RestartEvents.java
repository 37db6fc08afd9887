package io.github.gracefulrestart.state;

import java.time.Duration;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes application events in the order in which they occurred, on a thread of its
 * own: a listener may take any time, fail, or never return, and no restart waits for it.
 * The thread exists only while there are events to publish.
 */
public final class RestartEvents {

	private final ApplicationEventPublisher publisher;

	private final OrderedTasks tasks = new OrderedTasks("graceful-restart-events");

	public RestartEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Publish an event after those before it. Returns at once, and never fails.
	 * @param event the event
	 */
	public void publish(ApplicationEvent event) {
		this.tasks.run(() -> publishNow(event));
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
	 * Wait until all events have been published. Returns at once if called by a listener.
	 * @param patience for how long at most
	 */
	public void await(Duration patience) {
		this.tasks.await(patience);
	}

}
