package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.options.Collision;
import io.github.gracefulrestart.options.Collision.Kind;
import io.github.gracefulrestart.options.Collision.Remedy;

/**
 * Reports the ports and files of the JVM itself that predecessor and successor cannot
 * both use.
 */
final class CollisionCheck implements PlanCheck {

	private static final String NAME = "jvm-options";

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		if (launch.plan() == null) {
			// The check of the launch reports it
			return List.of();
		}
		List<Collision> collisions = launch.collisions();
		return collisions.isEmpty()
				? List.of(PreflightResult.passed(NAME, "no JVM option names a port or file that two JVMs would share"))
				: collisions.stream().map(CollisionCheck::result).toList();
	}

	private static PreflightResult result(Collision collision) {
		return switch (collision.remedy()) {
			case DROPPED, SHIFTED -> loses(collision) ? PreflightResult.warning(NAME, collision.message())
					: PreflightResult.adjusted(NAME, collision.message());
			case KEPT -> PreflightResult.warning(NAME, collision.message());
			case REFUSED -> PreflightResult.refused(NAME, collision.message());
		};
	}

	/**
	 * A warning, because a service without its agent is no longer monitored.
	 */
	private static boolean loses(Collision collision) {
		return collision.kind() == Kind.AGENT && collision.remedy() == Remedy.DROPPED;
	}

}
