package io.github.gracefulrestart.restart;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A restart that has been asked for. Both stages complete on a thread of their own: what
 * depends on them may take its time, and the restart goes on meanwhile.
 *
 * @since 0.1.0
 */
public final class RestartAttempt {

	private final CompletableFuture<Launched> launched = new CompletableFuture<>();

	private final CompletableFuture<RestartReport> outcome = new CompletableFuture<>();

	RestartAttempt() {
	}

	/**
	 * Return the stage at which the successor has been launched. It fails with a
	 * {@link RestartRefusedException} if nothing was launched.
	 * @return the stage
	 */
	public CompletionStage<Launched> launched() {
		return stage(this.launched);
	}

	/**
	 * Return the stage at which it is known whether the successor serves. It never fails:
	 * a restart that does not succeed is an outcome too. The drain goes on after it.
	 * @return the stage
	 */
	public CompletionStage<RestartReport> outcome() {
		return stage(this.outcome);
	}

	/**
	 * Keep what depends on a stage away from the thread that runs the restart, which goes
	 * on meanwhile.
	 */
	static <T> CompletionStage<T> stage(CompletableFuture<T> future) {
		return future.isDone() ? future.minimalCompletionStage()
				: future.thenApplyAsync(Function.identity(), RestartAttempt::execute).minimalCompletionStage();
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
		if (report.successorPid() != 0) {
			// Perhaps one that has never connected
			completeLaunched(report.generation(), report.successorPid());
		}
		this.launched.completeExceptionally(RestartRefusedException
			.impossible((report.reason() != null) ? report.reason() : "nothing was launched"));
		this.outcome.complete(report);
	}

	/**
	 * A successor that has been launched.
	 *
	 * @param generation its generation
	 * @param successorPid its process id
	 */
	public record Launched(int generation, long successorPid) {

	}

}
