package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Passes events of other threads to the one thread of a role, in the order in which they
 * were noticed.
 *
 * @param <E> the type of event
 */
public final class EventQueue<E> {

	private final BlockingQueue<E> events = new LinkedBlockingQueue<>();

	private final Ticker clock;

	/**
	 * Create an empty queue.
	 * @param clock the clock of the thread that takes the events
	 */
	public EventQueue(Ticker clock) {
		this.clock = clock;
	}

	/**
	 * Add an event. Called by any thread.
	 * @param event what has happened
	 */
	public void add(E event) {
		this.events.add(event);
	}

	/**
	 * Wait for the next event, as long as it takes.
	 * @return the event
	 * @throws InterruptedException if the thread was interrupted
	 */
	public E take() throws InterruptedException {
		return this.events.take();
	}

	/**
	 * Wait for the next event. Time in which this process is suspended does not count.
	 * @param patience for how long, not at all if negative
	 * @return the event, or {@code null} if there was none in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public @Nullable E poll(Duration patience) throws InterruptedException {
		AtomicReference<@Nullable E> found = new AtomicReference<>();
		this.clock.await((nanos) -> {
			found.set(this.events.poll(nanos, TimeUnit.NANOSECONDS));
			return found.get() != null;
		}, patience);
		return found.get();
	}

	/**
	 * Return the clock of the thread that takes the events.
	 * @return the clock
	 */
	public Ticker clock() {
		return this.clock;
	}

}
