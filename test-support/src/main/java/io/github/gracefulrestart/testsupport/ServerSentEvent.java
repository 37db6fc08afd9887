package io.github.gracefulrestart.testsupport;

/**
 * One event of an event stream.
 *
 * @param id its id, or empty
 * @param name its name, or empty
 * @param data its data, lines joined by a line feed
 */
public record ServerSentEvent(String id, String name, String data) {
}
