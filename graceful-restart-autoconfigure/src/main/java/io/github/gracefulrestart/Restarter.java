package io.github.gracefulrestart;

import java.util.concurrent.CompletionStage;

/**
 * Replaces this JVM with a successor, started from the jar and configuration that are now
 * on disk, without refused connections or failed requests.
 * <p>
 * At most one restart is under way; a request for another one is refused with the reason.
 * No method waits: {@link #restart(String)} returns at once, and progress is visible in
 * the returned attempt, {@link #status()} and application events. If a restart does not
 * succeed, this JVM continues to serve.
 *
 * @since 0.1.0
 */
public interface Restarter {

	/**
	 * Request a restart.
	 * @param trigger the trigger, for logs, reports and meters; use few different values
	 * @return the attempt
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	RestartAttempt restart(String trigger);

	/**
	 * Request a dry run, which finds out whether a restart would succeed. This process
	 * accepts and serves all the time, and no generation is counted.
	 * @param trigger the trigger, for logs, reports and meters; use few different values
	 * @param boot whether to launch a successor, which runs the application's whole start
	 * until it is ready, gets no traffic, and is terminated. It has the environment
	 * variable {@code GRACEFUL_RESTART_DRY_RUN}
	 * @return the stage that completes with the result, on a thread of its own. It does
	 * not fail if a restart would fail
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	CompletionStage<DryRunReport> dryRun(String trigger, boolean boot);

	/**
	 * Request a rollback: the predecessor of this JVM accepts again at once, and then
	 * terminates this process.
	 * @param reason why, for logs and reports
	 * @throws RestartRefusedException if there is no predecessor that could roll back
	 */
	void rollBack(String reason);

	/**
	 * Return the state of this JVM.
	 * @return a snapshot
	 */
	RestartStatus status();

	/**
	 * Return a restarter that does nothing: its state is serving, without listeners, and
	 * it refuses every request. It is used where restarts are disabled, and may be used
	 * in tests of code that needs a restarter.
	 * @param reason the reason of its refusals
	 * @return the restarter
	 */
	static Restarter unavailable(String reason) {
		return new UnavailableRestarter(reason);
	}

}
