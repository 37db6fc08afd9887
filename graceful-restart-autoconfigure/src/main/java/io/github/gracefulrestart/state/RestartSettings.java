package io.github.gracefulrestart.state;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The limits of a restart.
 *
 * @param startupTimeout time allowed for a successor to become ready
 * @param handoverTimeout time allowed for each step of the handover after that
 * @param drainTimeout time allowed for requests to finish
 * @param moveConnections whether connections between two requests move to the successor
 * @param keepAliveGrace time for which connections without a request are kept after the
 * last request
 * @param probation time after the takeover for which this process can take back
 * @param hangTimeout time for which a successor that serves may be silent
 * @param terminationTimeout time between asking a successor to end and killing it
 * @param shutdownTimeout time allowed for this process to end when it has left the
 * service
 * @param controlDirectory where the directory of the control socket is made
 * @param keepJars whether a copy of the application's jars is kept there, without a name
 */
public record RestartSettings(Duration startupTimeout, Duration handoverTimeout, Duration drainTimeout,
		boolean moveConnections, Duration keepAliveGrace, Duration probation, Duration hangTimeout,
		Duration terminationTimeout, Duration shutdownTimeout, Path controlDirectory, boolean keepJars) {

}
