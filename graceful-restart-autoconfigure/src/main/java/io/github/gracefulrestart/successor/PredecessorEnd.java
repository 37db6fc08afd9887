package io.github.gracefulrestart.successor;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.github.gracefulrestart.process.SuccessorFlag;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;

/**
 * Waits for the end of a predecessor that has handed over the service and no longer
 * accepts. The predecessor halts itself when its limit has passed. If it cannot even do
 * that, it is killed, because exclusive work starts in this process only when the
 * predecessor has ended.
 */
final class PredecessorEnd {

	private static final Log logger = RestartLog.LOG;

	private static final Duration NOTICE = Duration.ofSeconds(10);

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final CountDownLatch gone = new CountDownLatch(1);

	private final Ticker clock = new Ticker();

	private final SuccessorFlag flag;

	private final Runnable afterwards;

	/**
	 * Create the wait for a predecessor that has handed over.
	 * @param flag names the predecessor
	 * @param afterwards called if it cannot even be killed
	 */
	PredecessorEnd(SuccessorFlag flag, Runnable afterwards) {
		this.flag = flag;
		this.afterwards = afterwards;
	}

	/**
	 * Wait, on a thread of its own.
	 * @param limit the time within which the predecessor exits by itself
	 */
	void begin(Duration limit) {
		LastResort.attempt("Watching the predecessor that leaves",
				() -> Threads.startDaemon("graceful-restart-predecessor-end", () -> await(limit)));
	}

	/**
	 * The predecessor is gone.
	 */
	void end() {
		this.gone.countDown();
	}

	private void await(Duration limit) {
		Duration quarter = limit.dividedBy(4);
		Duration notice = (quarter.compareTo(NOTICE) < 0) ? quarter : NOTICE;
		try {
			if (isGoneWithin(notice)) {
				return;
			}
			logger.warn(named() + " has handed over, but is still running after " + notice.toMillis()
					+ " ms: its application context has not closed. It will halt " + limit.toMillis()
					+ " ms after the handover; until then this process refuses restarts");
			if (isGoneWithin(limit.minus(notice).plus(GRACE))) {
				return;
			}
			logger.warn(named() + " has handed over, but has not exited. Killing it");
			ProcessHandle.of(this.flag.predecessorPid()).ifPresent(ProcessHandle::destroyForcibly);
			if (!isGoneWithin(GRACE)) {
				logger.error(named() + " has handed over, but cannot be killed. Continuing without waiting for it");
				this.afterwards.run();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private String named() {
		return "Predecessor (pid " + this.flag.predecessorPid() + ")";
	}

	private boolean isGoneWithin(Duration patience) throws InterruptedException {
		return this.clock.await(this.gone, patience);
	}

}
