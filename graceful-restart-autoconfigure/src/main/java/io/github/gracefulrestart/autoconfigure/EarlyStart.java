package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.process.LaunchOrigin;
import io.github.gracefulrestart.trigger.SignalTrigger;

/**
 * What has to be done before there is an application context.
 *
 * @param origin how this JVM was started
 * @param jars the jars that this JVM was started from
 * @param signals the signal handlers
 */
record EarlyStart(LaunchOrigin origin, ApplicationJars jars, SignalTrigger signals) {

}
