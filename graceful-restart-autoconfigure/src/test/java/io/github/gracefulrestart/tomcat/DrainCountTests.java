package io.github.gracefulrestart.tomcat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DrainSummary;
import io.github.gracefulrestart.host.HostDrain;
import io.github.gracefulrestart.host.ListenerHost;
import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of connections that do not move, counted to the last one.
 */
class DrainCountTests {

	private static final Duration PATIENCE = MovingServer.PATIENCE;

	private static final int MUCH = 65536;

	/**
	 * The preface, SETTINGS and WINDOW_UPDATE with the widest windows, and HEADERS that
	 * ask for {@code /much}.
	 */
	private static final String MUCH_WANTED = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
			+ "00000604000000000000047fffffff" + "0000040800000000007fff0000" + "00000e010500000001" + "8286"
			+ "04052f6d756368" + "41036c3a31";

	private final List<AutoCloseable> opened = new ArrayList<>();

	@TempDir
	Path directory;

	private MovingServer server;

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.server.close();
	}

	private void start(Consumer<TomcatServletWebServerFactory> settings) {
		this.server = MovingServer.start("server", settings);
	}

	private RawHttp connect() throws Exception {
		RawHttp client = this.server.connect();
		this.opened.add(client);
		assertThat(client.get("/").status()).isEqualTo(200);
		return client;
	}

	private Http2Client connectHttp2() throws Exception {
		Http2Client client = Http2Client.connect(this.server.port());
		this.opened.add(client);
		assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
		return client;
	}

	private ListenerHost host() {
		return this.server.host();
	}

	private HostDrain drain() {
		return this.server.drain();
	}

	private void beginDrain() {
		this.server.beginDrain(false);
	}

	private void awaitDrained(DrainSummary expected) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			drain().step(true);
			assertThat(drain().summary()).isEqualTo(expected);
		});
	}

	private void closeIdleUntil(DrainSummary expected) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			drain().lastCall();
			drain().step(true);
			drain().closeIdle();
			assertThat(drain().summary()).isEqualTo(expected);
		});
	}

	private void endDrain() {
		this.server.cancelDrain();
	}

	static void http2(TomcatServletWebServerFactory factory) {
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 100 })
	void eachConnectionHasOneFate(int maxKeepAliveRequests) throws Exception {
		start((factory) -> factory.addConnectorCustomizers(
				(connector) -> connector.setProperty("maxKeepAliveRequests", String.valueOf(maxKeepAliveRequests))));
		RawHttp asking = connect();
		RawHttp askingToo = connect();
		RawHttp leaving = connect();
		RawHttp old = connect();
		RawHttp closing = connect();
		RawHttp idle = connect();
		RawHttp busy = connect();
		busy.writeGet("/blocked?");
		await().atMost(PATIENCE).until(() -> host().connections().equals(new ConnectionCount(1, 6)));
		beginDrain();
		assertThat(asking.get("/").close()).isTrue();
		assertThat(askingToo.get("/").close()).isTrue();
		leaving.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n");
		assertThat(leaving.read().close()).isTrue();
		old.write("GET / HTTP/1.0\r\n\r\n");
		assertThat(old.read().status()).isEqualTo(200);
		closing.close();
		awaitDrained(new DrainSummary(0, 2, 3, 0, 0));
		closeIdleUntil(new DrainSummary(0, 2, 3, 1, 0));
		assertThat(idle.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertThat(host().connections()).isEqualTo(new ConnectionCount(1, 0));
		drain().cut(System.nanoTime(), false);
		awaitDrained(new DrainSummary(0, 2, 3, 1, 1));
		endDrain();
		assertThat(connect().get("/").close()).isFalse();
	}

	@Test
	void whenLimitOfRequestsIsReachedThenThatIsNoTelling() throws Exception {
		start((factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("maxKeepAliveRequests", "2")));
		RawHttp client = connect();
		beginDrain();
		assertThat(client.get("/").close()).isTrue();
		awaitDrained(new DrainSummary(0, 0, 1, 0, 0));
		endDrain();
	}

	@Test
	void whenDrainIsTakenBackThenNobodyCountsAsTold() throws Exception {
		start((factory) -> {
		});
		RawHttp client = connect();
		RawHttp listening = connect();
		listening.writeGet("/events?1");
		await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("1"));
		beginDrain();
		await().atMost(PATIENCE).until(() -> {
			drain().step(true);
			return host().connections().active() == 0;
		});
		endDrain();
		assertThat(listening.read().text()).isEqualTo("data: 1\n\n");
		assertThat(listening.get("/").close()).isFalse();
		assertThat(client.get("/").close()).isFalse();
		beginDrain();
		listening.close();
		client.close();
		awaitDrained(new DrainSummary(0, 0, 2, 0, 0));
		endDrain();
	}

	@Test
	void whenHttp2ConnectionsHaveGotGoAwayThenTheyAreTold() throws Exception {
		start(DrainCountTests::http2);
		Http2Client idle = connectHttp2();
		Http2Client closing = connectHttp2();
		Http2Client busy = connectHttp2();
		Http2Stream running = busy.get("/blocked?");
		await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey(""));
		beginDrain();
		for (Http2Client client : List.of(idle, closing)) {
			await().atMost(PATIENCE).until(() -> {
				drain().step(true);
				return !client.goAways().isEmpty();
			});
		}
		closing.close();
		awaitDrained(new DrainSummary(0, 1, 0, 0, 0));
		// Each counts by its own streams
		assertThat(host().connections()).isEqualTo(new ConnectionCount(1, 1));
		assertThat(busy.goAways()).isEmpty();
		closeIdleUntil(new DrainSummary(0, 2, 0, 0, 0));
		assertThat(busy.goAways()).isNotEmpty();
		assertThat(running.isEnded()).isFalse();
		drain().cut(System.nanoTime(), false);
		awaitDrained(new DrainSummary(0, 2, 0, 0, 1));
		endDrain();
	}

	@Test
	void whenHttp2IsSpokenOverTlsThenGoAwayIsCountedToo() throws Exception {
		start(TestTls.in(this.directory).andThen(DrainCountTests::http2));
		assertToldAndClosed(Http2Client.connectTls(this.server.port()));
	}

	/**
	 * Tomcat writes frames in another way then.
	 */
	@Test
	void whenHttp2IsWrittenSynchronouslyThenGoAwayIsCountedToo() throws Exception {
		start(((Consumer<TomcatServletWebServerFactory>) DrainCountTests::http2).andThen((factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("useAsyncIO", "false"))));
		assertToldAndClosed(Http2Client.connect(this.server.port()));
	}

	private void assertToldAndClosed(Http2Client client) throws Exception {
		this.opened.add(client);
		assertThat(client.get("/").await(PATIENCE).isOk()).isTrue();
		beginDrain();
		closeIdleUntil(new DrainSummary(0, 1, 0, 0, 0));
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		assertThat(client.goAways()).isNotEmpty();
		endDrain();
	}

	@Test
	void whenGoAwayWaitsBehindWhatTheClientDoesNotReadThenTheClientIsNotTold() throws Exception {
		start(DrainCountTests::http2);
		try (Socket client = new Socket()) {
			client.setReceiveBufferSize(MUCH);
			client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port()));
			client.getOutputStream().write(HexFormat.of().parseHex(MUCH_WANTED));
			await().atMost(PATIENCE).until(() -> isWriting("writeBody"));
			beginDrain();
			drain().lastCall();
			drain().step(true);
			await().atMost(PATIENCE).until(() -> isWriting("sayGoAway"));
			client.setSoLinger(true, 0);
		}
		awaitDrained(new DrainSummary(0, 0, 1, 0, 0));
		endDrain();
	}

	private static boolean isWriting(String method) {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.map(List::of)
			.anyMatch((stack) -> stack.stream().anyMatch((frame) -> frame.getMethodName().equals(method))
					&& stack.stream().anyMatch((frame) -> frame.getMethodName().equals("vectoredOperation")));
	}

	@Test
	void whenNothingButAnInterimAnswerWasWrittenThenTheClientIsNotTold() throws Exception {
		start((factory) -> {
		});
		RawHttp client = connect();
		beginDrain();
		client.write("POST /blocked?1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n");
		client.write("Expect: 100-continue\r\n\r\n");
		await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("1"));
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.DATA);
		client.abort();
		this.server.servlet().release();
		awaitDrained(new DrainSummary(0, 0, 1, 0, 0));
		endDrain();
	}

	@Test
	void whenDrainBeginsThenEventStreamsOverHttp2AreCompletedAndOthersGoOn() throws Exception {
		start(DrainCountTests::http2);
		Http2Client client = connectHttp2();
		List<Http2Stream> events = List.of(client.getEvents("/events?a"), client.getEvents("/events?b"));
		Http2Stream other = client.get("/async?c");
		await().atMost(PATIENCE)
			.until(() -> this.server.servlet().served().keySet().containsAll(List.of("a", "b", "c")));
		beginDrain();
		for (Http2Stream stream : events) {
			await().atMost(PATIENCE).until(() -> {
				drain().step(true);
				return stream.isEnded();
			});
			Http2Result result = stream.await(PATIENCE);
			assertThat(result.ending()).as(result.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
			assertThat(result.body()).isIn("data: a\n\n", "data: b\n\n");
		}
		assertThat(client.goAways()).isEmpty();
		assertThat(other.isEnded()).isFalse();
		Http2Stream late = client.getEvents("/events?late");
		await().atMost(PATIENCE).until(() -> {
			drain().step(true);
			return late.isEnded();
		});
		assertThat(late.await(PATIENCE).body()).isEqualTo("data: late\n\n");
		assertThat(other.isEnded()).isFalse();
		this.server.servlet().release();
		assertThat(other.await(PATIENCE).isOk()).isTrue();
		client.awaitGoAway(PATIENCE);
		closeIdleUntil(new DrainSummary(0, 1, 0, 0, 0));
		assertThat(client.awaitEnd(PATIENCE)).isEqualTo(ConnectionEnd.EOF);
		endDrain();
	}

	@Test
	void whenEventStreamHasBeenCompletedThenTheNextOnTheSameConnectionIsToo() throws Exception {
		start((factory) -> {
		});
		EventStreamReader other = EventStreamReader.open(this.server.port(), "/events");
		this.opened.add(other);
		RawHttp client = connect();
		client.writeGet("/events?1");
		await().atMost(PATIENCE).until(() -> this.server.servlet().served().containsKey("1"));
		beginDrain();
		await().atMost(PATIENCE).until(() -> {
			drain().step(true);
			return !other.isOpen();
		});
		assertThat(other.awaitEnd(PATIENCE)).isEqualTo(Outcome.OK);
		HttpAnswer first = client.read();
		assertThat(first.text()).isEqualTo("data: 1\n\n");
		assertThat(first.close()).isFalse();
		client.writeGet("/events?2");
		await().atMost(PATIENCE).until(() -> {
			drain().step(true);
			return drain().summary().told() == 2;
		});
		HttpAnswer second = client.read();
		assertThat(second.text()).isEqualTo("data: 2\n\n");
		assertThat(second.close()).isTrue();
		// Its client was not told by an answer, but saw the stream end
		closeIdleUntil(new DrainSummary(0, 2, 0, 0, 0));
		endDrain();
	}

	/**
	 * On the loopback interface a request has arrived when writing it has returned.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenARequestHasArrivedThenItsConnectionIsNotIdle(boolean tls) throws Exception {
		this.server = MovingServer.start("server", tls ? TestTls.in(this.directory) : (factory) -> {
		});
		List<RawHttp> clients = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			clients.add(RawHttp.connect(this.server.port(), tls, PATIENCE));
			this.opened.add(clients.get(i));
			assertThat(clients.get(i).get("/").status()).isEqualTo(200);
		}
		beginDrain();
		int left = clients.size();
		for (RawHttp client : clients) {
			client.write("GET /" + left + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			if (--left == clients.size() / 2) {
				break;
			}
		}
		drain().closeIdle();
		for (RawHttp client : clients.subList(0, clients.size() - left)) {
			assertThat(client.read().status()).isEqualTo(200);
		}
		closeIdleUntil(new DrainSummary(0, clients.size() - left, 0, left, 0));
	}

}
