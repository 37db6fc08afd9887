package io.github.gracefulrestart.tomcat;

import java.time.Duration;
import java.util.Map;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.host.EventStreams;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which event streams are completed when a drain begins.
 */
class EventStreamTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	@ParameterizedTest(name = "{0}: {1} {2}, Accept: {3} is completed: {4}")
	@CsvSource(delimiter = '|', textBlock = """
			AUTO     | GET  | /events | text/event-stream                   | true
			AUTO     | GET  | /events | application/json, Text/Event-Stream | true
			AUTO     | GET  | /EVENTS | text/event-stream                   | true
			AUTO     | GET  | /events | */*                                 | false
			AUTO     | POST | /events | text/event-stream                   | false
			AUTO     | POST | /events | application/json, text/event-stream | false
			AUTO     | GET  | /silent | text/event-stream                   | true
			AUTO     | GET  | /silent | application/json, text/event-stream | false
			AUTO     | POST | /silent | text/event-stream                   | false
			COMPLETE | GET  | /events | */*                                 | true
			COMPLETE | POST | /events | text/event-stream                   | true
			COMPLETE | POST | /silent | text/event-stream                   | false
			FINISH   | GET  | /events | text/event-stream                   | false
			FINISH   | GET  | /silent | text/event-stream                   | false
			""")
	void whenDrainBeginsThenOnlyWhatIsAskedForAgainIsCompleted(EventStreams mode, String method, String path,
			String accept, boolean completed) throws Exception {
		try (MovingServer server = MovingServer.start("server", mode, (factory) -> {
		}); RawHttp client = server.connect(); RawHttp other = server.connect()) {
			client.write(request(method, path + "?stream", accept));
			// One that ends in any case shows that the drain has looked
			other.write(request("GET", "/events?other", "text/event-stream"));
			await().atMost(PATIENCE)
				.until(() -> server.servlet().served().equals(Map.of("stream", 1, "other", 1))
						&& server.host().connections().equals(new ConnectionCount(2, 0)));
			server.host().listener().gate().close();
			HostDrain drain = server.host().beginDrain(false);
			int left = (completed ? 0 : 1) + ((mode == EventStreams.FINISH) ? 1 : 0);
			// Again, because the thread of a request may hold its connection for another
			// moment
			await().atMost(PATIENCE).until(() -> {
				drain.step(true);
				return server.host().connections().active() == left;
			});
			if (completed) {
				var answer = client.read();
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.header("Content-Type")).startsWithIgnoringCase("text/event-stream");
			}
			drain.cancel();
		}
	}

	@ParameterizedTest(name = "{0}: {1} {2}, Accept: {3} is completed: {4}")
	@CsvSource(delimiter = '|', textBlock = """
			AUTO     | GET  | /events | text/event-stream                   | true
			AUTO     | GET  | /events | */*                                 | false
			AUTO     | POST | /events | application/json, text/event-stream | false
			AUTO     | GET  | /silent | text/event-stream                   | true
			AUTO     | POST | /silent | text/event-stream                   | false
			COMPLETE | POST | /events | text/event-stream                   | true
			FINISH   | GET  | /events | text/event-stream                   | false
			""")
	void whenDrainBeginsThenTheSameIsCompletedOverHttp2(EventStreams mode, String method, String path, String accept,
			boolean completed) throws Exception {
		try (MovingServer server = MovingServer.start("server", mode, EventStreamTests::http2);
				Http2Client client = Http2Client.connect(server.port())) {
			Http2Stream stream = client.open(method, path + "?stream", accept, true);
			Http2Stream other = client.getEvents("/events?other");
			await().atMost(PATIENCE).until(() -> server.servlet().served().equals(Map.of("stream", 1, "other", 1)));
			server.host().listener().gate().close();
			HostDrain drain = server.host().beginDrain(false);
			await().atMost(PATIENCE).until(() -> {
				drain.step(true);
				return other.isEnded() || mode == EventStreams.FINISH;
			});
			if (completed) {
				Http2Result result = stream.await(PATIENCE);
				assertThat(result.ending()).as(result.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
			}
			// What comes meanwhile is answered on the same connection, behind what was
			// looked at
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			drain.step(true);
			assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
			assertThat(stream.isEnded()).isEqualTo(completed);
			drain.cancel();
		}
	}

	private static void http2(TomcatServletWebServerFactory factory) {
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
	}

	private static String request(String method, String path, String accept) {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAccept: " + accept
				+ "\r\n\r\n";
	}

}
