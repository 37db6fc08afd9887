package io.github.gracefulrestart.host;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an application for the connections of its web servers.
 *
 * @param webSocketCloseSpread the time over which WebSockets are closed when a drain
 * begins
 * @param webSocketCloseCode the code with which WebSockets are closed then
 * @param eventStreams what becomes of event streams then
 * @param generationHeader the response header that says which generation answers, or
 * {@code null} for none
 * @param generation the generation of this JVM
 */
public record WebServerSettings(Duration webSocketCloseSpread, int webSocketCloseCode, EventStreams eventStreams,
		@Nullable String generationHeader, int generation) {

}
