package io.github.gracefulrestart.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;

/**
 * A restarter whose restarts end as a test determines.
 */
final class PlayedRestarter implements Restarter, RestartAttempt {

	static final int GENERATION = 3;

	static final long SUCCESSOR = 4711;

	final List<String> asked = new ArrayList<>();

	final CompletableFuture<Launched> launched = new CompletableFuture<>();

	final CompletableFuture<RestartReport> outcome = new CompletableFuture<>();

	RestartPhase phase = RestartPhase.SERVING;

	ConnectionCount connections = ConnectionCount.NONE;

	RestartReport lastReport;

	RestartRefusedException refusal;

	DryRunReport dryRun;

	@Override
	public RestartAttempt restart(String trigger) {
		ask("restart by " + trigger);
		return this;
	}

	@Override
	public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
		ask("dry run by " + trigger + (boot ? " with boot" : ""));
		return CompletableFuture.completedFuture(this.dryRun);
	}

	@Override
	public void rollBack(String reason) {
		ask("roll back by " + reason);
	}

	private void ask(String what) {
		this.asked.add(what);
		if (this.refusal != null) {
			throw this.refusal;
		}
	}

	@Override
	public RestartStatus status() {
		return new RestartStatus(this.phase, GENERATION,
				new RestartStatus.Processes(ProcessHandle.current().pid(), 2L, SUCCESSOR),
				List.of(new RestartStatus.ListenerState("server", "127.0.0.1:8080", true)), this.connections,
				this.lastReport);
	}

	@Override
	public CompletionStage<Launched> launched() {
		return this.launched;
	}

	@Override
	public CompletionStage<RestartReport> outcome() {
		return this.outcome;
	}

}
