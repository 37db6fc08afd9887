package io.github.gracefulrestart.predecessor;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.state.RestartSettings;
import io.github.gracefulrestart.state.RestartState;

/**
 * What each run works with.
 *
 * @param state the state of this JVM
 * @param hosts what accepts and serves
 * @param launcher launches the successor
 * @param jars the jars that this JVM runs from
 * @param settings the limits
 * @param preflight what is looked at first
 */
public record RunParts(RestartState state, ListenerHosts hosts, LaunchedSuccessor.Launcher launcher,
		ApplicationJars jars, RestartSettings settings, Preflight preflight) {

}
