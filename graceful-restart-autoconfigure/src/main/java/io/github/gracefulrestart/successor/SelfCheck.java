package io.github.gracefulrestart.successor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.SuccessorCheck;
import io.github.gracefulrestart.state.JvmShutdown;
import io.github.gracefulrestart.state.LastResort;
import io.github.gracefulrestart.state.RestartLog;
import io.github.gracefulrestart.state.Threads;
import io.github.gracefulrestart.state.Ticker;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.core.PriorityOrdered;

/**
 * Checks a successor from within while it is on probation, and asks the predecessor to
 * roll back if it should not continue to serve. Nothing runs at any other time.
 */
public final class SelfCheck implements ApplicationListener<RestartPhaseEvent>, PriorityOrdered {

	private static final Log logger = RestartLog.LOG;

	private final Restarter restarter;

	private final List<SuccessorCheck> checks;

	private final Settings settings;

	private final Ticker clock = new Ticker();

	/**
	 * Create a watch.
	 * @param restarter knows whether this JVM is on probation, and requests the rollback
	 * @param checks the checks
	 * @param settings the interval and limits of the checks
	 */
	public SelfCheck(Restarter restarter, List<SuccessorCheck> checks, Settings settings) {
		this.restarter = restarter;
		this.checks = checks;
		this.settings = settings;
	}

	/**
	 * Listeners of an event are called one after another. A hanging listener of the
	 * application is one of the problems to be found, and must not be called before this
	 * one.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(RestartPhaseEvent event) {
		if (event.getPhase() == RestartPhase.SUCCEEDING) {
			LastResort.attempt("Watching this process while it is on probation",
					() -> Threads.startDaemon("graceful-restart-watch", this::watch));
		}
		else if (event.getPrevious() == RestartPhase.SUCCEEDING) {
			synchronized (this) {
				notifyAll();
			}
		}
	}

	private void watch() {
		int failures = 0;
		try {
			while (awaitNext()) {
				String problem = look();
				failures = (problem != null) ? failures + 1 : 0;
				if (JvmShutdown.isUnderWay()) {
					// The application refuses traffic because it is closing, which is
					// not a problem to report
					return;
				}
				if (problem != null && failures >= this.settings.failures() && isOnProbation()) {
					this.restarter.rollBack(problem);
					return;
				}
				if (problem != null) {
					logger.warn("Probation check failed (" + failures + " of " + this.settings.failures()
							+ " before rollback): " + problem);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RestartRefusedException ex) {
			if (!isOnProbation()) {
				return;
			}
			logger.warn("Probation checks failed, but " + ex.getMessage() + ". Continuing to serve");
		}
		catch (RuntimeException | Error ex) {
			LastResort.log("Probation checks stopped because of an error", ex);
		}
	}

	/**
	 * Wait until the next check is due.
	 * @return whether this JVM is still on probation then
	 */
	private boolean awaitNext() throws InterruptedException {
		return !this.clock.await(this::isOverWithin, this.settings.interval());
	}

	private synchronized boolean isOverWithin(long nanos) throws InterruptedException {
		if (isOnProbation()) {
			TimeUnit.NANOSECONDS.timedWait(this, nanos);
		}
		return !isOnProbation();
	}

	private boolean isOnProbation() {
		return this.restarter.status().phase() == RestartPhase.SUCCEEDING;
	}

	private @Nullable String look() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		FutureTask<@Nullable String> task = new FutureTask<>(() -> {
			for (SuccessorCheck check : this.checks) {
				String problem = check.problem();
				if (problem != null) {
					return problem;
				}
			}
			return null;
		});
		try {
			Threads.startDaemon("graceful-restart-check", () -> {
				task.run();
				done.countDown();
			});
			if (this.clock.await(done, this.settings.timeout())) {
				return task.get();
			}
			task.cancel(true);
			return "its checks took longer than " + this.settings.timeout().toMillis() + " ms";
		}
		catch (ExecutionException ex) {
			return "a check failed with " + ex.getCause();
		}
		catch (OutOfMemoryError ex) {
			return "no check could be started: " + ex;
		}
	}

	/**
	 * How a successor on probation is watched.
	 *
	 * @param interval time between two checks
	 * @param timeout time allowed for all beans of one check
	 * @param failures how many consecutive checks must find a problem
	 */
	public record Settings(Duration interval, Duration timeout, int failures) {

	}

}
