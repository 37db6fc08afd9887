package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightCheck;

/**
 * Preflights for tests of what comes after.
 */
public final class Preflights {

	private Preflights() {
	}

	/**
	 * Return a preflight that looks at nothing.
	 * @return a preflight that always passes
	 */
	public static Preflight none() {
		return new Preflight((generation) -> PlannedLaunch.NONE, List.of(), List::of);
	}

	/**
	 * Return a preflight of one check.
	 * @param check what is looked at
	 * @return the preflight
	 */
	public static Preflight of(PreflightCheck check) {
		return new Preflight((generation) -> PlannedLaunch.NONE, List.of((launch) -> check.check(2)), List::of);
	}

}
