package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.process.WorkingDirectory;
import io.github.gracefulrestart.trigger.SignalTrigger;

/**
 * What has to be done before there is an application context.
 *
 * @param workingDirectory the directory that this JVM was started in
 * @param jars the jars that this JVM was started from
 * @param signals the signal handlers
 */
record EarlyStart(WorkingDirectory workingDirectory, ApplicationJars jars, SignalTrigger signals) {

}
