package io.github.gracefulrestart;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Refuses everything, with the same reason.
 *
 * @param reason the reason
 */
record UnavailableRestarter(String reason) implements Restarter {

	@Override
	public RestartAttempt restart(String trigger) {
		throw RestartRefusedException.unavailable(this.reason);
	}

	@Override
	public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
		throw RestartRefusedException.unavailable(this.reason);
	}

	@Override
	public void rollBack(String reason) {
		throw RestartRefusedException.unavailable(this.reason);
	}

	@Override
	public RestartStatus status() {
		return new RestartStatus(RestartPhase.SERVING, 1, RestartStatus.Processes.alone(), List.of(),
				ConnectionCount.NONE, null);
	}

}
