package io.github.gracefulrestart.predecessor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.state.Threads;

/**
 * The attempt that a caller has requested, completed by the restart.
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
	 * Keep dependent actions away from the thread that runs the restart, which must not
	 * wait for them.
	 * @param <T> what it is completed with
	 * @param future the future that the restart completes
	 * @return the stage for the caller
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
			// If no thread can be started, completing it on this thread is better than
			// never
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
			// Perhaps a successor that has never connected
			completeLaunched(report.generation(), successorPid);
		}
		this.launched.completeExceptionally(RestartRefusedException
			.impossible((report.reason() != null) ? report.reason() : "nothing was launched"));
		this.outcome.complete(report);
	}

}
