package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.LaunchPlan;
import io.github.gracefulrestart.process.SuccessorLauncher;
import org.jspecify.annotations.Nullable;

/**
 * The launch that is planned at the moment of a preflight, determined once so that all
 * checks use the same plan.
 *
 * @param plan the plan, or {@code null} if no launch is possible
 * @param failure why no launch is possible, or {@code null} if it is
 */
public record PlannedLaunch(@Nullable LaunchPlan plan, @Nullable String failure) {

	/**
	 * Used when no launch is planned.
	 */
	static final PlannedLaunch NONE = new PlannedLaunch(null, null);

	static PlannedLaunch of(SuccessorLauncher launcher, int generation) {
		try {
			return new PlannedLaunch(launcher.plan(generation), null);
		}
		catch (LaunchException ex) {
			return new PlannedLaunch(null, String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Return the options that both JVMs cannot share.
	 * @return the collisions, none where there is no plan
	 */
	public List<Collision> collisions() {
		return (this.plan != null) ? this.plan.collisions() : List.of();
	}

	/**
	 * Return the files that the command line names.
	 * @return the files, none where there is no plan
	 */
	public List<LaunchFile> files() {
		return (this.plan != null) ? this.plan.files() : List.of();
	}

}
