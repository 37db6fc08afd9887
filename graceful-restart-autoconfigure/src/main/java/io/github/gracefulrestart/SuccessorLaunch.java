package io.github.gracefulrestart;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A successor that is about to be launched.
 *
 * @since 0.1.0
 */
public final class SuccessorLaunch {

	private final int generation;

	private final boolean dryRun;

	private final Map<String, @Nullable String> environment = new LinkedHashMap<>();

	/**
	 * Create a launch.
	 * @param generation the generation of the successor
	 * @param dryRun whether the successor will never serve
	 */
	public SuccessorLaunch(int generation, boolean dryRun) {
		this.generation = generation;
		this.dryRun = dryRun;
	}

	/**
	 * Return the generation of the successor.
	 * @return the generation
	 */
	public int generation() {
		return this.generation;
	}

	/**
	 * Return whether this is a dry run: the successor starts, never serves and is
	 * terminated.
	 * @return whether it is
	 */
	public boolean dryRun() {
		return this.dryRun;
	}

	/**
	 * Set or remove an environment variable of the successor. If several participants set
	 * the same variable, the last one counts.
	 * @param name the name
	 * @param value the value, or {@code null} to start the successor without the variable
	 */
	public synchronized void environment(String name, @Nullable String value) {
		if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("'" + name + "' is not the name of an environment variable");
		}
		this.environment.put(name, value);
	}

	/**
	 * Return what participants have set so far.
	 * @return values by names, {@code null} where a variable is removed
	 */
	public synchronized Map<String, @Nullable String> environment() {
		return new LinkedHashMap<>(this.environment);
	}

}
