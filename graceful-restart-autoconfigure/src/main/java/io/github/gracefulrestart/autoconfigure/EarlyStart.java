package io.github.gracefulrestart.autoconfigure;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.process.WorkingDirectory;
import io.github.gracefulrestart.restart.SuccessorLink;
import io.github.gracefulrestart.trigger.SignalTrigger;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done before there is an application context.
 *
 * @param workingDirectory the directory that this JVM was started in
 * @param jars the jars that this JVM was started from
 * @param link the connection to the predecessor, or {@code null} in a first generation
 * @param signals the signal handlers
 */
record EarlyStart(WorkingDirectory workingDirectory, ApplicationJars jars, @Nullable SuccessorLink link,
		SignalTrigger signals) {

	int generation() {
		return (this.link != null) ? this.link.flag().generation() : 1;
	}

}
