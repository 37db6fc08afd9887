package io.github.gracefulrestart.it.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.it.Connections;
import io.github.gracefulrestart.it.Fates;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.ServerSentEvent;
import io.github.gracefulrestart.testsupport.WebSocketClient;
import io.github.gracefulrestart.testsupport.WebSocketClosing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that would never end by themselves. All tests restart the same service.
 */
@Isolated
class StreamsIT {

	private static final Duration SPREAD = Duration.ofSeconds(2);

	private static final int STREAMS = 8;

	private static SampleService service;

	@BeforeAll
	static void start() {
		service = SampleService.named("streams")
			.args("--graceful.restart.web-socket-close-spread=" + SPREAD.toMillis() + "ms")
			.start();
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@Test
	void whenRestartedThenWebSocketsAreClosedOneAfterTheOther() throws Exception {
		List<WebSocketClient> clients = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			WebSocketClient client = WebSocketClient.connect(service.port(), "/ws");
			clients.add(client);
			client.send("hello");
			assertThat(client.next(SampleService.PATIENCE)).isEqualTo("hello");
		}
		List<CompletableFuture<Long>> ends = clients.stream()
			.map((client) -> CompletableFuture.supplyAsync(() -> end(client), (task) -> new Thread(task).start()))
			.toList();
		SampleService.Restart restart = service.handOver();
		List<Long> moments = new ArrayList<>();
		for (CompletableFuture<Long> end : ends) {
			moments.add(end.get(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS));
		}
		moments.sort(null);
		Duration spread = Duration.ofNanos(moments.get(STREAMS - 1) - moments.get(0));
		System.out.println(STREAMS + " WebSockets were closed over " + spread.toMillis() + " ms");
		// The first is due after an eighth of the time
		assertThat(spread).isGreaterThan(SPREAD.dividedBy(2));
		service.awaitPredecessorGone(restart);
		assertThat(Fates.of(service, "told")).isEqualTo(STREAMS);
		assertThat(Fates.of(service, "cut") + Fates.of(service, "closedIdle")).isZero();
		try (WebSocketClient client = WebSocketClient.connect(service.port(), "/ws")) {
			assertThat(client.handshake().pid()).isEqualTo(restart.successor());
			client.send("again");
			assertThat(client.next(SampleService.PATIENCE)).isEqualTo("again");
		}
	}

	private static long end(WebSocketClient client) {
		WebSocketClosing closing = client.awaitClosing(SampleService.PATIENCE.multipliedBy(2));
		assertThat(closing.code()).as(closing.toString()).isEqualTo(1001);
		assertThat(closing.connection()).as(closing.toString()).isEqualTo(ConnectionEnd.EOF);
		return System.nanoTime();
	}

	@Test
	void whenRestartedThenEventStreamsAreCompletedAndPredecessorLeaves() throws Exception {
		List<EventStreamReader> readers = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			EventStreamReader reader = EventStreamReader.open(service.port(), "/stream");
			readers.add(reader);
			assertThat(reader.next(SampleService.PATIENCE)).isNotNull();
		}
		SampleService.Restart restart = service.handOver();
		long begin = System.nanoTime();
		for (EventStreamReader reader : readers) {
			assertThat(reader.pid()).isEqualTo(restart.predecessor());
			assertThat(reader.awaitEnd(SampleService.PATIENCE)).isEqualTo(Outcome.OK);
			try (EventStreamReader next = EventStreamReader.open(service.port(), "/stream")) {
				assertThat(next.pid()).isEqualTo(restart.successor());
				assertThat(next.next(SampleService.PATIENCE)).isNotNull();
			}
		}
		service.process().awaitExit(restart.predecessor(), SampleService.PATIENCE);
		Duration time = Duration.ofNanos(System.nanoTime() - begin);
		System.out.println("The predecessor was gone " + time.toMillis() + " ms after it had handed over, with "
				+ STREAMS + " event streams open");
		service.awaitPredecessorGone(restart);
		// Some clients have closed their connection before it could move
		assertThat(Fates.of(service, "told") + Fates.of(service, "moved")).isEqualTo(STREAMS);
		assertThat(Fates.of(service, "cut") + Fates.of(service, "closedIdle")).isZero();
	}

	/**
	 * No client asks again for the answer to a POST, and one that does not say that it
	 * accepts an event stream is no {@code EventSource} either. The answers take longer
	 * than a successor to start.
	 */
	@Test
	void whenEventStreamIsNotAskedForAgainThenItIsFinished() throws Exception {
		try (EventStreamReader chat = EventStreamReader.open(service.port(), "POST /chat?untilHandover=true&ms=100",
				"application/json, text/event-stream", false);
				EventStreamReader download = EventStreamReader.open(service.port(),
						"GET /stream?untilHandover=true&ms=100", "*/*", false);
				EventStreamReader subscription = EventStreamReader.open(service.port(), "/stream")) {
			assertThat(chat.next(SampleService.PATIENCE)).isNotNull();
			SampleService.Restart restart = service.handOver();
			assertThat(subscription.awaitEnd(SampleService.PATIENCE)).isEqualTo(Outcome.OK);
			for (EventStreamReader reader : List.of(chat, download)) {
				assertThat(reader.awaitEnd(SampleService.PATIENCE)).isEqualTo(Outcome.OK);
				assertThat(reader.pid()).isEqualTo(restart.predecessor());
				assertThat(lastOf(reader)).extracting(ServerSentEvent::name).isEqualTo("done");
			}
			service.awaitPredecessorGone(restart);
			assertThat(Fates.of(service, "cut") + Fates.of(service, "closedIdle")).isZero();
		}
	}

	private static ServerSentEvent lastOf(EventStreamReader reader) {
		ServerSentEvent last = null;
		for (ServerSentEvent next = reader.next(Duration.ZERO); next != null; next = reader.next(Duration.ZERO)) {
			last = next;
		}
		return last;
	}

	@Test
	void whenRestartedThenEventStreamsOverHttp2AreCompletedToo() throws Exception {
		completeOverHttp2(true);
	}

	@Test
	@Tag("exhaustive")
	void whenRestartedThenEventStreamsByPriorKnowledgeAreCompletedToo() throws Exception {
		completeOverHttp2(false);
	}

	private static void completeOverHttp2(boolean tls) throws Exception {
		SampleService.Builder builder = SampleService.named("streams-http2-" + (tls ? "tls" : "plain"))
			.args("--spring.profiles.active=http2" + (tls ? ",tls" : ""), "--graceful.restart.drain-timeout=5m");
		try (SampleService http2 = (tls ? builder.tls() : builder).start();
				Http2Client first = tls ? Http2Client.connectTls(http2.port()) : Http2Client.connect(http2.port());
				Http2Client second = tls ? Http2Client.connectTls(http2.port()) : Http2Client.connect(http2.port())) {
			List<Http2Stream> streams = new ArrayList<>();
			for (int i = 0; i < STREAMS; i++) {
				streams.add(((i % 2 == 0) ? first : second).getEvents("/stream"));
			}
			Http2Stream slow = first.get("/slow-until-handover");
			Http2Stream chat = second.open("POST", "/chat?untilHandover=true&ms=100", true);
			Connections.awaitActive(http2, 2);
			SampleService.Restart restart = http2.handOver();
			for (Http2Stream stream : streams) {
				Http2Result result = stream.await(SampleService.PATIENCE);
				assertThat(result.ending()).as(result.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
				assertThat(result.pid()).isEqualTo(restart.predecessor());
				assertThat(result.body()).contains("event:tick");
			}
			assertThat(slow.await(SampleService.PATIENCE).isOk()).isTrue();
			Http2Result answer = chat.await(SampleService.PATIENCE);
			assertThat(answer.ending()).as(answer.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
			assertThat(answer.body()).contains("event:done");
			for (Http2Client client : List.of(first, second)) {
				assertThat(client.awaitGoAway(SampleService.PATIENCE).errorCode()).isZero();
				assertThat(client.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			}
			http2.awaitPredecessorGone(restart);
			assertThat(Fates.of(http2, "told")).isEqualTo(2);
			assertThat(Fates.of(http2, "cut") + Fates.of(http2, "closedIdle")).isZero();
		}
	}

}
