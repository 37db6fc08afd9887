package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.LaunchFile;
import io.github.gracefulrestart.process.LaunchException;
import io.github.gracefulrestart.process.LaunchPlan;
import io.github.gracefulrestart.process.SuccessorLauncher;
import org.jspecify.annotations.Nullable;

/**
 * What would be launched at the moment of a preflight: found out once, so that all checks
 * speak of the same.
 *
 * @param plan what would be launched, or {@code null} if nothing could be
 * @param failure why nothing could be launched, or {@code null} if something can
 */
public record PlannedLaunch(@Nullable LaunchPlan plan, @Nullable String failure) {

	/**
	 * Where no launch is planned.
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
	 * Return what both JVMs cannot have.
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
