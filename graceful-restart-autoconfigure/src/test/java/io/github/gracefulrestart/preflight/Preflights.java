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
		return new Preflight(List.of());
	}

	/**
	 * Return a preflight of one check.
	 * @param check what is looked at
	 * @return the preflight
	 */
	public static Preflight of(PreflightCheck check) {
		return new Preflight(List.of(check));
	}

}
