package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.host.ListenerHosts;
import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.listener.Listeners;
import io.github.gracefulrestart.preflight.Preflight;
import io.github.gracefulrestart.process.SuccessorLauncher;
import io.github.gracefulrestart.state.RestartSettings;

/**
 * What an engine works with.
 *
 * @param settings the limits
 * @param listeners the listeners of this JVM
 * @param hosts what accepts and serves
 * @param launcher launches successors
 * @param jars the jars that this JVM runs from
 * @param preflight what is looked at before anything is launched
 */
public record EngineParts(RestartSettings settings, Listeners listeners, ListenerHosts hosts,
		SuccessorLauncher launcher, ApplicationJars jars, Preflight preflight) {

}
