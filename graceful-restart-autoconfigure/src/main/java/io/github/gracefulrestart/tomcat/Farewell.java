package io.github.gracefulrestart.tomcat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import org.jspecify.annotations.Nullable;

/**
 * What the client of one connection has been told of its end, and how it ends.
 */
final class Farewell {

	/**
	 * What Tomcat takes for the start of a request that has not begun.
	 */
	private static final long NO_REQUEST = -1;

	private volatile Fate fate = Fate.FINISHED;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final AtomicBoolean telling = new AtomicBoolean();

	private final AtomicBoolean refusing = new AtomicBoolean();

	/**
	 * Whether the bytes that tell have been written.
	 */
	private volatile boolean told;

	/**
	 * Says of what has just been written whether it tells. Not for protocols in which
	 * others write at the same time.
	 */
	private volatile @Nullable BooleanSupplier tellingWrite;

	private volatile long tellingSince;

	private volatile long toldAt;

	private volatile long refusingSince;

	private volatile long completedStream = NO_REQUEST;

	/**
	 * Begin the end of the connection.
	 * @return whether this is the first time
	 */
	boolean begin() {
		return this.begun.compareAndSet(false, true);
	}

	boolean isBegun() {
		return this.begun.get();
	}

	/**
	 * Begin to tell the client apart from an answer.
	 * @return whether this is the first time
	 */
	boolean beginTelling() {
		if (this.telling.compareAndSet(false, true)) {
			this.tellingSince = System.nanoTime();
			return true;
		}
		return false;
	}

	/**
	 * Return whether telling the client apart from an answer has been begun, done or not.
	 */
	boolean isTelling() {
		return this.telling.get();
	}

	/**
	 * Return whether telling the client has been begun so long ago, done or not.
	 */
	boolean isTellingFor(long nanos) {
		return isTelling() && System.nanoTime() - this.tellingSince >= nanos;
	}

	/**
	 * Begin to refuse what the client sends although it has been told.
	 * @return whether this is the first time
	 */
	boolean beginRefusing() {
		if (this.refusing.compareAndSet(false, true)) {
			this.refusingSince = System.nanoTime();
			return true;
		}
		return false;
	}

	/**
	 * Return whether what the client sends has been refused for so long.
	 */
	boolean isRefusingFor(long nanos) {
		return this.refusing.get() && System.nanoTime() - this.refusingSince >= nanos;
	}

	/**
	 * Note that what is written next may tell. Whether it ever is written, is another
	 * question.
	 * @param telling says of what has just been written whether it tells
	 */
	void tellWithWrite(BooleanSupplier telling) {
		this.tellingWrite = telling;
	}

	/**
	 * Note that what is written from now on does not tell.
	 */
	void tellWithNoWrite() {
		this.tellingWrite = null;
	}

	/**
	 * Note that something has been written.
	 */
	void written() {
		BooleanSupplier tells = this.tellingWrite;
		if (tells != null && !this.told && tells.getAsBoolean()) {
			told();
		}
	}

	/**
	 * Note that what tells has been written.
	 */
	void told() {
		if (!this.told) {
			this.toldAt = System.nanoTime();
			this.told = true;
		}
	}

	/**
	 * Return whether what tells was written at least so long ago.
	 */
	boolean isToldFor(long nanos) {
		return this.told && System.nanoTime() - this.toldAt >= nanos;
	}

	/**
	 * Note that the answer to a request, an event stream, is being completed.
	 * @param start when the request began, as Tomcat tells it
	 */
	void completeStream(long start) {
		this.completedStream = start;
		tellWithWrite(() -> true);
	}

	boolean isCompleted(long start) {
		return this.completedStream == start;
	}

	/**
	 * Say how the connection ends.
	 */
	void fate(Fate value) {
		this.fate = value;
	}

	Fate fate() {
		return this.fate;
	}

	/**
	 * Return how the connection has ended.
	 */
	Fate finalFate() {
		boolean willingly = this.fate == Fate.FINISHED || this.fate == Fate.CLOSED_IDLE;
		return (this.told && willingly) ? Fate.TOLD : this.fate;
	}

	/**
	 * Forget what a drain has begun that was taken back.
	 */
	void forget() {
		this.told = false;
		tellWithNoWrite();
		this.telling.set(false);
		this.refusing.set(false);
		this.begun.set(false);
	}

}
