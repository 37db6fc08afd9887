package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.state.RestartSettings;

/**
 * The parts that an engine works with.
 *
 * @param settings the limits
 * @param listeners the listeners of this JVM
 * @param hosts the hosts that accept and serve
 * @param launcher launches successors
 * @param jars the jars that this JVM runs from
 * @param preflight the checks before a launch
 */
public record EngineParts(RestartSettings settings, Listeners listeners, ListenerHosts hosts,
		SuccessorLauncher launcher, ApplicationJars jars, Preflight preflight) {

}
