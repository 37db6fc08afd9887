package io.github.gracefulrestart.host;

import java.util.List;

import io.github.gracefulrestart.PreflightResult;

/**
 * Whether every connector can be handed over, and whether there is one at all.
 */
final class ListenerCheck {

	private static final String NAME = "listeners";

	private final ListenerHosts hosts;

	ListenerCheck(ListenerHosts hosts) {
		this.hosts = hosts;
	}

	List<PreflightResult> results() {
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
