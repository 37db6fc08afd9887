package io.github.gracefulrestart.engine;

import java.util.concurrent.CompletionStage;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;

/**
 * The part of an engine that applications may use. A separate bean, so that a test can
 * replace it without the engine.
 *
 * @param engine the engine
 */
record EngineRestarter(RestartEngine engine) implements Restarter {

	@Override
	public RestartAttempt restart(String trigger) {
		return this.engine.restart(trigger);
	}

	@Override
	public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
		return this.engine.dryRun(trigger, boot);
	}

	@Override
	public void rollBack(String reason) {
		this.engine.rollBack(reason);
	}

	@Override
	public RestartStatus status() {
		return this.engine.status();
	}

}
