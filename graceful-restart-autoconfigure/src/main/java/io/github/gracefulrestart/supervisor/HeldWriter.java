package io.github.gracefulrestart.supervisor;

import java.util.ArrayDeque;
import java.util.Queue;

import io.github.gracefulrestart.PredecessorGoneEvent;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/**
 * Stands in for a listener of Spring Boot that writes a file and deletes it when its
 * process exits, at a path that only the listener knows. In a successor, it hears of what
 * it waits for when the predecessor has exited, which deletes the file of both: so it is
 * there again at once, and neither a dry run nor a successor that fails touches it.
 *
 * @param <E> what the listener waits for
 */
final class HeldWriter<E extends ApplicationEvent> {

	private final ApplicationListener<E> writer;

	private final Queue<E> held = new ArrayDeque<>();

	private boolean holds;

	/**
	 * Create what stands in.
	 * @param writer the listener
	 * @param successor whether this process is a successor
	 */
	HeldWriter(ApplicationListener<E> writer, boolean successor) {
		this.writer = writer;
		this.holds = successor;
	}

	/**
	 * Pass an event on, or keep it until the predecessor is gone.
	 * @param event the event
	 */
	void pass(E event) {
		synchronized (this) {
			if (this.holds) {
				this.held.add(event);
				return;
			}
		}
		this.writer.onApplicationEvent(event);
	}

	/**
	 * The predecessor may be gone.
	 * @param event what has been published
	 */
	void passWhenGone(ApplicationEvent event) {
		if (!(event instanceof PredecessorGoneEvent)) {
			return;
		}
		synchronized (this) {
			this.holds = false;
		}
		E next = this.held.poll();
		while (next != null) {
			this.writer.onApplicationEvent(next);
			next = this.held.poll();
		}
	}

}
