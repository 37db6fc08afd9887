package io.github.gracefulrestart.it.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.WebSocketClient;
import io.github.gracefulrestart.testsupport.WebSocketClosing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that would never end by themselves. All tests restart the same service.
 */
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
		assertThat(time).isLessThan(Duration.ofSeconds(10));
		service.awaitPredecessorGone(restart);
	}

}
