package io.github.gracefulrestart.testsupport;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a load counts beside its requests.
 */
final class LoadCounters {

	final LongAdder opened = new LongAdder();

	final LongAdder reconnects = new LongAdder();

	final LongAdder toldClose = new LongAdder();

	final LongAdder idleClosed = new LongAdder();

	final LongAdder idleClosedLate = new LongAdder();

	final LongAdder unsent = new LongAdder();

	void opened(boolean first) {
		this.opened.increment();
		if (!first) {
			this.reconnects.increment();
		}
	}

}
