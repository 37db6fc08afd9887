package io.github.gracefulrestart.tomcat;

import java.time.Duration;

import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connector that is paused while no restart runs, as in every shutdown, treats HTTP/2
 * clients as Tomcat's own does.
 */
class Http2PauseTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	@Test
	void whenPausedThenIsAsImpatientAsTheApplicationHasSaid() throws Exception {
		Http2Protocol http2 = new Http2Protocol();
		http2.setDrainTimeout(0);
		try (MovingServer server = start(http2); Http2Client client = Http2Client.connect(server.port())) {
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			server.connector().pause();
			client.awaitGoAway(PATIENCE);
			// Tomcat takes streams for as long as the round trip of its first ping took
			// besides
			long end = System.nanoTime() + PATIENCE.toNanos();
			Http2Result late;
			int tries = 0;
			do {
				tries++;
				late = client.get("/?late" + tries).await(PATIENCE);
			}
			while (late.isOk() && System.nanoTime() < end);
			assertThat(late.ending()).as(late.toString()).isEqualTo(Http2Result.Ending.UNPROCESSED);
			assertThat(server.servlet().served()).doesNotContainKey("late" + tries);
		}
		assertThat(http2.getDrainTimeout()).isZero();
	}

	@Test
	void whenTheApplicationSaysNothingThenTomcatsOwnTimeoutApplies() throws Exception {
		Http2Protocol http2 = new Http2Protocol();
		try (MovingServer server = start(http2); Http2Client client = Http2Client.connect(server.port())) {
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			assertThat(http2.getDrainTimeout()).isEqualTo(new Http2Protocol().getDrainTimeout());
		}
	}

	private static MovingServer start(Http2Protocol http2) {
		return MovingServer.start("server",
				(factory) -> factory.addConnectorCustomizers((connector) -> connector.addUpgradeProtocol(http2)));
	}

}
