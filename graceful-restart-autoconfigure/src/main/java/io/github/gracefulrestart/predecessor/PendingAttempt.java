package io.github.gracefulrestart.predecessor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.state.Threads;

/**
 * What whoever asked for a restart holds, and the restart completes.
 */
public final class PendingAttempt implements RestartAttempt {

	private final CompletableFuture<Launched> launched = new CompletableFuture<>();

	private final CompletableFuture<RestartReport> outcome = new CompletableFuture<>();

	@Override
	public CompletionStage<Launched> launched() {
		return stage(this.launched);
	}

	@Override
	public CompletionStage<RestartReport> outcome() {
		return stage(this.outcome);
	}

	/**
	 * Keep what depends on a stage away from the thread that runs the restart, which goes
	 * on meanwhile.
	 * @param <T> what it is completed with
	 * @param future what the restart completes
	 * @return the stage for those who wait for it
	 */
	public static <T> CompletionStage<T> stage(CompletableFuture<T> future) {
		return future.isDone() ? future.minimalCompletionStage()
				: future.thenApplyAsync(Function.identity(), PendingAttempt::execute).minimalCompletionStage();
	}

	private static void execute(Runnable task) {
		try {
			Threads.startDaemon("graceful-restart-attempt", task);
		}
		catch (OutOfMemoryError ex) {
			// Without a thread of its own it is better told here than never
			task.run();
		}
	}

	void completeLaunched(int generation, long successorPid) {
		this.launched.complete(new Launched(generation, successorPid));
	}

	void refuse(RestartRefusedException refusal) {
		this.launched.completeExceptionally(refusal);
	}

	void completeOutcome(RestartReport report) {
		Long successorPid = report.successorPid();
		if (successorPid != null) {
			// Perhaps one that has never connected
			completeLaunched(report.generation(), successorPid);
		}
		this.launched.completeExceptionally(RestartRefusedException
			.impossible((report.reason() != null) ? report.reason() : "nothing was launched"));
		this.outcome.complete(report);
	}

}
