package io.github.gracefulrestart;

import java.util.concurrent.CompletionStage;

/**
 * A restart that has been requested. Both stages complete on a thread of their own:
 * dependent actions may take their time, and the restart does not wait for them.
 *
 * @since 0.1.0
 */
public interface RestartAttempt {

	/**
	 * Return the stage at which the successor has been launched. It fails with a
	 * {@link RestartRefusedException} if nothing was launched.
	 * @return the stage
	 */
	CompletionStage<Launched> launched();

	/**
	 * Return the stage at which it is known whether the successor serves. It never fails:
	 * a failed restart is an outcome, too. The drain may still continue after it.
	 * @return the stage
	 */
	CompletionStage<RestartReport> outcome();

	/**
	 * A successor that has been launched.
	 *
	 * @param generation its generation
	 * @param successorPid its process id
	 */
	record Launched(int generation, long successorPid) {

	}

}
