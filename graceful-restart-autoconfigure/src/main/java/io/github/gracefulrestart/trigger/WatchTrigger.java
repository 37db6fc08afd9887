package io.github.gracefulrestart.trigger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.Restarter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests a restart when files have changed, once for each change. It polls the files,
 * because the kernel does not report changes on network file systems, and not all changes
 * in mounted volumes.
 * <p>
 * A change takes effect when no file has changed for the quiet period, so that files are
 * complete and several changes cause one restart. A change during a restart takes effect
 * when that has ended, in the process that serves then. A failed restart is not repeated
 * before the next change.
 */
public final class WatchTrigger {

	private static final Log logger = LogFactory.getLog(WatchTrigger.class);

	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(20);

	private final List<Path> paths;

	private volatile WatchedFiles known;

	private @Nullable Thread thread;

	private WatchTrigger(List<Path> paths) {
		this.paths = List.copyOf(paths);
		this.known = WatchedFiles.look(this.paths);
	}

	/**
	 * Record the state of files. To be called before the application reads them, so that
	 * no change is missed.
	 * @param paths files and directories; if empty, no restart is ever requested
	 * @return the trigger
	 */
	public static WatchTrigger of(List<Path> paths) {
		return new WatchTrigger(paths);
	}

	/**
	 * Begin to watch, on a thread of its own.
	 * @param restarter requests restarts
	 * @param quietPeriod how long no file must change
	 */
	public synchronized void start(Restarter restarter, Duration quietPeriod) {
		if (this.paths.isEmpty() || this.thread != null) {
			return;
		}
		this.known.absent()
			.forEach((path) -> logger.warn("graceful.restart.watch names " + path
					+ ", which does not exist. A restart is triggered when it appears"));
		Thread watching = new Thread(() -> watch(new Debounce(restarter, quietPeriod)), "graceful-restart-files");
		watching.setDaemon(true);
		watching.start();
		this.thread = watching;
	}

	/**
	 * Stop watching.
	 */
	public synchronized void stop() {
		if (this.thread != null) {
			this.thread.interrupt();
			this.thread = null;
		}
	}

	private void watch(Debounce debounce) {
		Duration interval = debounce.interval();
		while (true) {
			try {
				Thread.sleep(interval.toMillis());
				debounce.look();
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (RuntimeException | Error ex) {
				// The next attempt may succeed
				logger.warn("Files of graceful.restart.watch cannot be looked at. Trying again", ex);
			}
		}
	}

	@Override
	public String toString() {
		return "watch " + this.paths;
	}

	/**
	 * Waits for the end of a change.
	 */
	private final class Debounce {

		private final Restarter restarter;

		private final Duration quietPeriod;

		private WatchedFiles last;

		private long lastChange = System.nanoTime();

		Debounce(Restarter restarter, Duration quietPeriod) {
			this.restarter = restarter;
			this.quietPeriod = quietPeriod;
			this.last = WatchTrigger.this.known;
		}

		Duration interval() {
			Duration half = this.quietPeriod.dividedBy(2);
			if (half.compareTo(LONGEST_INTERVAL) > 0) {
				return LONGEST_INTERVAL;
			}
			return (half.compareTo(SHORTEST_INTERVAL) < 0) ? SHORTEST_INTERVAL : half;
		}

		void look() {
			WatchedFiles now = WatchedFiles.look(WatchTrigger.this.paths);
			if (!now.equals(this.last)) {
				this.last = now;
				this.lastChange = System.nanoTime();
			}
			List<Path> changes = now.changesSince(WatchTrigger.this.known);
			boolean quiet = System.nanoTime() - this.lastChange >= this.quietPeriod.toNanos();
			if (!changes.isEmpty() && quiet && this.restarter.status().phase() == RestartPhase.SERVING) {
				restart(now, changes);
			}
		}

		private void restart(WatchedFiles now, List<Path> changes) {
			logger.info(changes.stream().map(Path::toString).collect(Collectors.joining(" and "))
					+ " changed (graceful.restart.watch). Requesting a restart");
			WatchedFiles before = WatchTrigger.this.known;
			WatchTrigger.this.known = now.over(before);
			try {
				this.restarter.restart("watch");
			}
			catch (RestartRefusedException ex) {
				// The restarter has logged the reason. If it does not last, the change is
				// not forgotten
				if (ex.kind() != RestartRefusedException.Kind.IMPOSSIBLE) {
					WatchTrigger.this.known = before;
					this.lastChange = System.nanoTime();
				}
			}
		}

	}

}
