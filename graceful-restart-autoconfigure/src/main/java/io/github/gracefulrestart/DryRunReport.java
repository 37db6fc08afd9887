package io.github.gracefulrestart;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The result of a dry run.
 *
 * @param trigger the trigger, such as {@code endpoint}
 * @param generation the generation of this process, which continues to serve
 * @param preflight the results of the checks before a launch
 * @param boot what happened to the successor, or {@code null} if none was to be launched
 * or the preflight refused
 * @since 0.1.0
 */
public record DryRunReport(String trigger, int generation, PreflightReport preflight, @Nullable Boot boot) {

	/**
	 * Return whether a restart would have succeeded, as far as the dry run has tried.
	 * @return whether the preflight passed, and the successor became ready if one was to
	 * be launched
	 */
	public boolean passed() {
		return this.preflight.passed() && (this.boot == null || this.boot.ready());
	}

	/**
	 * Return why a restart would have failed.
	 * @return the reason, or {@code null} if the dry run passed
	 */
	public @Nullable String reason() {
		if (!this.preflight.passed()) {
			return this.preflight.reason();
		}
		return (this.boot != null) ? this.boot.reason() : null;
	}

	/**
	 * A successor that got no traffic and has been terminated.
	 *
	 * @param successorPid its process id, or {@code null} if it could not be launched
	 * @param duration the time from its launch until it was ready, or failed
	 * @param reason why it did not become ready, or {@code null} if it did
	 * @param detail its last message or output, or {@code null} if it became ready
	 */
	public record Boot(@Nullable Long successorPid, Duration duration, @Nullable String reason,
			@Nullable String detail) {

		/**
		 * Return whether it became ready.
		 * @return whether it did
		 */
		public boolean ready() {
			return this.reason == null;
		}

	}

}
