package io.github.gracefulrestart.predecessor;

import java.util.List;

import io.github.gracefulrestart.preflight.PreflightCheck;
import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.preflight.PlannedLaunch;

/**
 * Whether every connector can be handed over, and whether there is one at all.
 */
public final class ListenerCheck implements PreflightCheck {

	private static final String NAME = "listeners";

	private final ListenerHosts hosts;

	public ListenerCheck(ListenerHosts hosts) {
		this.hosts = hosts;
	}

	@Override
	public List<PreflightResult> check(PlannedLaunch launch) {
		List<String> obstacles = this.hosts.obstacles();
		if (!obstacles.isEmpty()) {
			return obstacles.stream().map((obstacle) -> PreflightResult.refused(NAME, obstacle)).toList();
		}
		List<ListenerHost> open = this.hosts.open();
		if (open.isEmpty()) {
			return List
				.of(PreflightResult.refused(NAME, "this application has no web server that could be handed over"));
		}
		return List.of(PreflightResult.passed(NAME, open + " can be handed over"));
	}

}
