package io.github.gracefulrestart.testsupport;

/**
 * One GOAWAY of an HTTP/2 server.
 *
 * @param lastStreamId the last stream that the server processes;
 * {@link Integer#MAX_VALUE} in a first warning
 * @param errorCode the code, 0 for an orderly end
 * @param debugData what else the server said
 * @param received when it came, by {@link System#nanoTime()}
 */
public record Http2GoAway(int lastStreamId, long errorCode, String debugData, long received) {

	@Override
	public String toString() {
		return "GOAWAY after stream " + this.lastStreamId + " with code " + this.errorCode
				+ (this.debugData.isEmpty() ? "" : " (" + this.debugData + ")");
	}

}
