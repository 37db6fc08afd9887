package io.github.gracefulrestart;

import java.util.concurrent.CompletionStage;

/**
 * Replaces this JVM with a successor, started from whatever jar and configuration now lie
 * on disk, without a connection refused or a request failed.
 * <p>
 * At most one restart is under way; asking for another one meanwhile is refused with the
 * reason. Nothing here waits: {@link #restart(String)} returns at once, and what happens
 * is told through the returned attempt, {@link #status()} and application events. When a
 * restart does not succeed, this JVM goes on as if nothing had been asked.
 *
 * @since 0.1.0
 */
public interface Restarter {

	/**
	 * Ask for a restart.
	 * @param trigger what asks, for logs, reports and meters; one of few values
	 * @return the attempt
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	RestartAttempt restart(String trigger);

	/**
	 * Ask what a restart would come to. This process accepts and serves all the time, and
	 * no generation is counted.
	 * @param trigger what asks, for logs, reports and meters; one of few values
	 * @param boot whether to launch a successor, which runs the application's whole start
	 * until it is ready, gets no traffic, and is ended. The environment variable
	 * {@code GRACEFUL_RESTART_DRY_RUN} tells it so
	 * @return the stage at which all is known, completed on a thread of its own. It does
	 * not fail because a restart would
	 * @throws RestartRefusedException if a restart is under way or cannot be done now
	 */
	CompletionStage<DryRunReport> dryRun(String trigger, boolean boot);

	/**
	 * Ask the predecessor to serve again, because this JVM, its successor, should not.
	 * The predecessor accepts at once and then ends this process.
	 * @param reason why, for logs and reports
	 * @throws RestartRefusedException if there is no predecessor any more that could
	 */
	void rollBack(String reason);

	/**
	 * Return where this JVM stands.
	 * @return a snapshot
	 */
	RestartStatus status();

	/**
	 * Return a restarter that does nothing: it serves, has no listener, and refuses what
	 * it is asked for. It stands in where restarts are disabled, and may in tests of code
	 * that uses a restarter.
	 * @param reason what to say when it is asked
	 * @return the restarter
	 */
	static Restarter unavailable(String reason) {
		return new UnavailableRestarter(reason);
	}

}
