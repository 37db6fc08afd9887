package io.github.gracefulrestart.tomcat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import io.github.gracefulrestart.tomcat.DrainCounter.Fate;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client of one connection has been told to go, and how the connection ends.
 */
final class Farewell {

	/**
	 * Tomcat's start time of a request that has not begun.
	 */
	private static final long NO_REQUEST = -1;

	private volatile Fate fate = Fate.FINISHED;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final AtomicBoolean telling = new AtomicBoolean();

	private final AtomicBoolean refusing = new AtomicBoolean();

	/**
	 * Whether the bytes that tell the client to go have been written.
	 */
	private volatile boolean told;

	/**
	 * Decides whether the bytes that have just been written tell the client to go. Not
	 * for protocols in which other threads write at the same time.
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
	 * Begin to tell the client to go by a separate message, not by a response.
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
	 * Return whether a separate message has been started, written or not.
	 */
	boolean isTelling() {
		return this.telling.get();
	}

	/**
	 * Return whether telling the client was started at least so long ago, written or not.
	 */
	boolean isTellingFor(long nanos) {
		return isTelling() && System.nanoTime() - this.tellingSince >= nanos;
	}

	/**
	 * Begin to refuse streams that the client opens although it has been told to go.
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
	 * Return whether streams have been refused for at least so long.
	 */
	boolean isRefusingFor(long nanos) {
		return this.refusing.get() && System.nanoTime() - this.refusingSince >= nanos;
	}

	/**
	 * Note that the next bytes may tell the client to go. They may never be written.
	 * @param telling decides whether the bytes that have just been written tell the
	 * client to go
	 */
	void tellWithWrite(BooleanSupplier telling) {
		this.tellingWrite = telling;
	}

	/**
	 * Note that bytes that are written from now on do not tell the client to go.
	 */
	void tellWithNoWrite() {
		this.tellingWrite = null;
	}

	/**
	 * Note that bytes have been written.
	 */
	void written() {
		BooleanSupplier tells = this.tellingWrite;
		if (tells != null && !this.told && tells.getAsBoolean()) {
			told();
		}
	}

	/**
	 * Note that the client has been told to go.
	 */
	void told() {
		if (!this.told) {
			this.toldAt = System.nanoTime();
			this.told = true;
		}
	}

	/**
	 * Return whether the client was told at least so long ago.
	 */
	boolean isToldFor(long nanos) {
		return this.told && System.nanoTime() - this.toldAt >= nanos;
	}

	/**
	 * Note that the response to a request, an event stream, is being completed.
	 * @param start when the request began, according to Tomcat
	 */
	void completeStream(long start) {
		this.completedStream = start;
		tellWithWrite(() -> true);
	}

	boolean isCompleted(long start) {
		return this.completedStream == start;
	}

	/**
	 * Set how the connection ends.
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
	 * Reset the state after a rollback.
	 */
	void forget() {
		this.told = false;
		tellWithNoWrite();
		this.telling.set(false);
		this.refusing.set(false);
		this.begun.set(false);
	}

}
