package io.github.gracefulrestart.tomcat;

import java.util.concurrent.atomic.LongAdder;

import io.github.gracefulrestart.DrainSummary;

/**
 * Counts the ends of connections during one drain.
 */
final class DrainCounter {

	private final LongAdder moved = new LongAdder();

	private final LongAdder told = new LongAdder();

	private final LongAdder finished = new LongAdder();

	private final LongAdder closedIdle = new LongAdder();

	private final LongAdder cut = new LongAdder();

	void count(Fate fate) {
		switch (fate) {
			case TOLD -> this.told.increment();
			case FINISHED -> this.finished.increment();
			case CLOSED_IDLE -> this.closedIdle.increment();
			case CUT -> this.cut.increment();
			// Counted when the successor has it
			case DETACHED -> {
			}
		}
	}

	void countMoved() {
		this.moved.increment();
	}

	DrainSummary summary() {
		return new DrainSummary(this.moved.sum(), this.told.sum(), this.finished.sum(), this.closedIdle.sum(),
				this.cut.sum());
	}

	/**
	 * Why a connection is no longer served.
	 */
	enum Fate {

		/**
		 * It ended, or was closed without a request, after its client had been told to
		 * go.
		 */
		TOLD,

		/**
		 * Tomcat or the client closed it.
		 */
		FINISHED,

		/**
		 * It was closed without a request.
		 */
		CLOSED_IDLE,

		/**
		 * It was closed with a request.
		 */
		CUT,

		/**
		 * It was taken out of service to be moved.
		 */
		DETACHED

	}

}
