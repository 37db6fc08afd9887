package io.github.gracefulrestart.trigger;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an operator or the JVM has sent the signal with which HotSpot
 * suspends threads by default ({@code SR_signum}). A flight recording sends it about a
 * hundred times a second, and a signal does not show its sender; but after an operator's
 * signal there is silence. The JVM's own handler is not restored while a recording runs,
 * because a signal from outside would then end some JVMs, as seen with 17.0.15.
 */
final class SuspendSignal {

	static final String NAME = "USR2";

	/** Recordings sample every 10 or 20 ms, if there is anything to sample. */
	private static final long SILENCE = Duration.ofMillis(500).toNanos();

	/** Longer than it takes until the state of a recording shows that it runs. */
	private static final long PATIENCE = Duration.ofSeconds(5).toNanos();

	private static final Log logger = LogFactory.getLog(SignalTrigger.class);

	private final AtomicBoolean undecided = new AtomicBoolean();

	private long reported;

	private volatile long lastReceived;

	private volatile @Nullable FlightRecordings recordings;

	/**
	 * Get ready. To be called with the first signal, which is early enough: the first
	 * signals of a recording come some time before its state shows that it runs.
	 */
	synchronized void watch() {
		if (this.recordings == null && ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
			this.recordings = FlightRecordings.watch();
		}
	}

	/**
	 * Decide about a signal that has just arrived. May take a moment, but only in a JVM
	 * that has had a flight recording.
	 * @return whether an operator or another process has sent it; {@code false} also if
	 * another thread decides about this and other signals
	 */
	boolean isFromOutside() {
		this.lastReceived = System.nanoTime();
		FlightRecordings current = this.recordings;
		if (current == null || !current.isPossible()) {
			return true;
		}
		if (!this.undecided.compareAndSet(false, true)) {
			return false;
		}
		try {
			return isFollowedBySilence(current);
		}
		finally {
			this.undecided.set(false);
		}
	}

	private boolean isFollowedBySilence(FlightRecordings current) {
		long begin = System.nanoTime();
		while (true) {
			if (current.isRunning()) {
				report(current.lastChange());
				return false;
			}
			if (current.hasJustChanged()) {
				return false;
			}
			long now = System.nanoTime();
			long left = SILENCE - (now - this.lastReceived);
			// The operator may repeat the signal
			if (left <= 0 || now - begin > PATIENCE) {
				return true;
			}
			LockSupport.parkNanos(left);
		}
	}

	private void report(long recording) {
		if (this.reported != recording) {
			this.reported = recording;
			logger.warn("A flight recording is running and uses signal " + NAME + ": until it stops, " + NAME
					+ " does not trigger a restart, and the recording gets no execution samples. To avoid this, start "
					+ "this JVM with the environment variable _JAVA_SR_SIGNUM=50. Other triggers work");
		}
	}

}
