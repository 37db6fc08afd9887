package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;

/**
 * The parts that each run works with.
 *
 * @param state the state of this JVM
 * @param hosts the hosts that accept and serve
 * @param launcher launches the successor
 * @param jars the jars that this JVM runs from
 * @param settings the limits
 * @param preflight the checks before a launch
 */
public record RunParts(RestartState state, ListenerHosts hosts, LaunchedSuccessor.Launcher launcher,
		ApplicationJars jars, RestartSettings settings, Preflight preflight) {

}
