package io.github.gracefulrestart.preflight;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.posix.NativeAccess;

/**
 * Whether native calls work, without which nothing can be handed over.
 */
final class NativeAccessCheck implements PlanCheck {

	private static final String NAME = "native-access";

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		NativeAccess nativeAccess = NativeAccess.probe();
		return List.of(nativeAccess.available() ? PreflightResult.passed(NAME, "native calls work")
				: PreflightResult.unavailable(NAME, "native calls do not work here: " + nativeAccess.reason()));
	}

}
