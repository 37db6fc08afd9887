package io.github.gracefulrestart.it.migration;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.it.Http2Upload;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2GoAway;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Result.Ending;
import io.github.gracefulrestart.testsupport.Http2Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client of HTTP/2 that goes on to open streams although the server has said that it
 * goes away: each is either answered or above the last that the server names, which
 * allows for sending it again.
 */
@Isolated
class Http2RefusalIT {

	private static final long REFUSED_STREAM = 7;

	@Test
	void whenClientDoesNotHeedTheWarningThenEachStreamIsAnsweredOrMayBeSentAgain() throws Exception {
		openStreamsAfterTheWarning(false);
	}

	@Test
	@Tag("exhaustive")
	void whenClientDoesNotHeedTheWarningOverTlsThenEachStreamIsAnsweredOrMayBeSentAgain() throws Exception {
		openStreamsAfterTheWarning(true);
	}

	private static void openStreamsAfterTheWarning(boolean tls) throws Exception {
		SampleService.Builder builder = SampleService.named("http2-refusal-" + (tls ? "tls" : "plain"))
			.args("--spring.profiles.active=http2" + (tls ? ",tls" : ""));
		try (SampleService service = (tls ? builder.tls() : builder).start();
				Http2Client client = tls ? Http2Client.connectTls(service.port())
						: Http2Client.connect(service.port())) {
			assertThat(client.get("/hello").await(SampleService.PATIENCE).isOk()).isTrue();
			Http2Stream running = client.open("POST", "/upload", false);
			Http2Upload body = Http2Upload.begin(running);
			SampleService.Restart restart = service.handOver();
			assertThat(client.awaitGoAway(SampleService.PATIENCE).errorCode()).isZero();
			List<Http2Stream> streams = new ArrayList<>();
			body.complete();
			try {
				while (client.awaitEnd(Duration.ofMillis(1)) == ConnectionEnd.OPEN) {
					streams.add(client.get("/hello"));
				}
			}
			catch (IOException ex) {
				// the client has learned that the connection is over
			}
			Http2Result upload = running.await(SampleService.PATIENCE);
			assertThat(upload.ending()).as(upload.toString()).isEqualTo(Ending.COMPLETE);
			assertThat(upload.pid()).isEqualTo(restart.predecessor());
			List<Http2GoAway> goAways = client.goAways();
			int last = goAways.get(goAways.size() - 1).lastStreamId();
			int refused = 0;
			for (Http2Stream stream : streams) {
				Http2Result result = stream.await(SampleService.PATIENCE);
				if (result.ending() == Ending.RESET_STREAM) {
					// More at once than the server takes, restart or not
					assertThat(result.errorCode()).as(result.toString()).isEqualTo(REFUSED_STREAM);
				}
				else if (result.ending() != Ending.COMPLETE) {
					refused++;
					// Opened after the last GOAWAY, it may end with the connection
					assertThat(result.ending()).as(result.toString()).isIn(Ending.UNPROCESSED, Ending.CONNECTION_EOF);
					assertThat(result.streamId()).as(result.toString()).isGreaterThan(last);
				}
			}
			assertThat(streams).hasSizeGreaterThan(refused);
			System.out.println("Of " + streams.size() + " streams after the first GOAWAY " + refused + " were refused, "
					+ goAways.size() + " GOAWAYs, last stream " + last);
			service.awaitPredecessorGone(restart);
		}
	}

}
