package io.github.gracefulrestart.boot;

import java.util.List;

import io.github.gracefulrestart.jars.ApplicationJars;
import io.github.gracefulrestart.process.LaunchOrigin;
import io.github.gracefulrestart.trigger.SignalTrigger;
import io.github.gracefulrestart.trigger.WatchTrigger;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The parts that have to exist before there is an application context.
 *
 * @param origin how this JVM was started
 * @param jars the jars that this JVM was started from
 * @param signals the signal handlers
 * @param watch the files that are watched
 */
public record EarlyStart(LaunchOrigin origin, ApplicationJars jars, SignalTrigger signals, WatchTrigger watch) {

	/**
	 * Return the early start, or do it now: without a {@code SpringApplication}, for
	 * example in a test slice, nothing was started early.
	 * @param early the early start, if there was one
	 * @return the early start
	 */
	public static EarlyStart of(ObjectProvider<EarlyStart> early) {
		return early.getIfAvailable(() -> new EarlyStart(ThisJvm.origin(), ApplicationJars.ofThisJvm(),
				SignalTrigger.install(List.of(), null), WatchTrigger.of(List.of())));
	}

}
