package io.github.gracefulrestart;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a dry run has found.
 *
 * @param trigger what asked for it
 * @param generation the generation of this process, which goes on to serve
 * @param preflight what was found before anything was launched
 * @param boot what became of the successor, or {@code null} if none was to be launched or
 * the preflight refused
 * @since 0.1.0
 */
public record DryRunReport(String trigger, int generation, PreflightReport preflight, @Nullable Boot boot) {

	/**
	 * Return whether nothing stood in the way.
	 * @return whether the preflight passed, and the successor became ready if one was to
	 * be launched
	 */
	public boolean passed() {
		return this.preflight.passed() && (this.boot == null || this.boot.ready());
	}

	/**
	 * Return what stood in the way.
	 * @return the reason, or {@code null} if nothing did
	 */
	public @Nullable String reason() {
		if (!this.preflight.passed()) {
			return this.preflight.reason();
		}
		return (this.boot != null) ? this.boot.reason() : null;
	}

	/**
	 * A successor that got no traffic and has been ended.
	 *
	 * @param successorPid its process id, or {@code null} if it could not be launched
	 * @param duration the time from its launch until it was ready, or failed
	 * @param reason why it did not become ready, or {@code null} if it did
	 * @param detail what it said or wrote last, or {@code null} if it became ready
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
