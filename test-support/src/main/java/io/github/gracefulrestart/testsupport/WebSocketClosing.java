package io.github.gracefulrestart.testsupport;

/**
 * How a WebSocket ended.
 *
 * @param code the code of the server's close frame, 1005 if it has none, -1 if there was
 * no close frame
 * @param reason the reason in the close frame, or empty
 * @param connection how the connection ended after that
 */
public record WebSocketClosing(int code, String reason, ConnectionEnd connection) {
}
