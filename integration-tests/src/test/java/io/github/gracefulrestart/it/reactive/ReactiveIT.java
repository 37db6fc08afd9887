package io.github.gracefulrestart.it.reactive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Fates;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.EventStreamReader;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.MixedReport;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * WebFlux on Tomcat: dry runs and two complete restarts under load, and a stop and start
 * as the negative control.
 */
@Lengthy
class ReactiveIT {

	private static final int BUSY = 8;

	private static final int IDLE = 40;

	/**
	 * Requests that each load must have behind it before the next thing happens.
	 */
	private static final long SETTLED = 2;

	@Test
	void whenRestartedUnderLoadThenNoRequestFailsAndNoConnectionIsClosed() throws Exception {
		try (SampleService service = on(SampleService.freePort(), "reactive").start();
				MixedLoad load = load(service.port())) {
			assertDryRuns(service);
			List<Long> pids = new ArrayList<>(List.of(service.pid()));
			pids.add(restart(service, load, () -> {
				SampleService.Pending pending = service.expectRestart();
				HttpAnswer answer = service.post("/actuator/reload");
				assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
				assertThat(service.post("/actuator/reload?wait=true").status()).isEqualTo(409);
				return pending;
			}));
			pids.add(restart(service, load, () -> {
				SampleService.Pending pending = service.expectRestart();
				assertOutcome(service.post("/actuator/reload?wait=true"), 3);
				return pending;
			}));
			MixedReport report = load.stop();
			System.out.println(report);
			assertThat(report.byName()).as(report.toString()).allSatisfy((name, part) -> {
				assertThat(part.failuresByKind()).isEmpty();
				assertThat(part.unsent()).isZero();
				assertThat(part.toldClose()).isZero();
				assertThat(part.idleClosed()).isZero();
				assertThat(part.served()).containsKey(pids.get(2));
			});
			for (String name : new String[] { "close", "keepalive", "idle" }) {
				assertThat(report.get(name).served()).as(report.toString()).containsOnlyKeys(pids);
			}
			for (String name : new String[] { "keepalive", "idle", "upload" }) {
				assertThat(report.get(name).reconnects()).as(report.toString()).isZero();
			}
		}
	}

	private static void assertDryRuns(SampleService service) throws Exception {
		long pid = service.pid();
		HttpAnswer checked = service.post("/actuator/reload?dry-run=true");
		assertThat(checked.status()).as(checked.toString()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(checked.text(), "$.passed")).isTrue();
		HttpAnswer booted = service.post("/actuator/reload?dry-run=true&boot=true");
		assertThat(booted.status()).as(booted.toString()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(booted.text(), "$.boot.ready")).isTrue();
		assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(pid);
	}

	/**
	 * Restart with a slow request and event streams under way.
	 * @return the successor
	 */
	private static long restart(SampleService service, MixedLoad load, Trigger trigger) throws Exception {
		load.awaitMoreRequests(SETTLED, SampleService.PATIENCE);
		long predecessor = service.pid();
		try (RawHttp upload = service.connect();
				EventStreamReader first = EventStreamReader.open(service.port(), "/stream");
				EventStreamReader second = EventStreamReader.open(service.port(), "/stream");
				RawHttp silent = service.connect();
				RawHttp chat = service.connect();
				Http2Client http2 = Http2Client.connect(service.port())) {
			assertThat(first.next(SampleService.PATIENCE)).isNotNull();
			assertThat(second.next(SampleService.PATIENCE)).isNotNull();
			Http2Stream multiplexed = http2.getEvents("/stream");
			Http2Stream other = http2.get("/slow?ms=500");
			Http2Stream multiplexedSilence = http2.getEvents("/silent");
			silent.write("GET /silent HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
			chat.write(
					"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAccept: text/event-stream\r\n\r\n");
			assertThat(other.await(SampleService.PATIENCE).isOk()).isTrue();
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			SampleService.Restart restart = trigger.pull().awaitHandover();
			assertThat(restart.predecessor()).isEqualTo(predecessor);
			for (EventStreamReader stream : List.of(first, second)) {
				assertThat(stream.pid()).isEqualTo(predecessor);
				assertThat(stream.awaitEnd(SampleService.PATIENCE)).isEqualTo(Outcome.OK);
				try (EventStreamReader next = EventStreamReader.open(service.port(), "/stream")) {
					assertThat(next.pid()).isEqualTo(restart.successor());
				}
			}
			Http2Result result = multiplexed.await(SampleService.PATIENCE);
			assertThat(result.ending()).as(result.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
			assertThat(result.body()).contains("event:tick");
			assertThat(multiplexedSilence.await(SampleService.PATIENCE).ending())
				.isEqualTo(Http2Result.Ending.COMPLETE);
			HttpAnswer silence = silent.read();
			assertThat(silence.header("Content-Type")).startsWith("text/event-stream");
			assertThat(silence.text()).isEmpty();
			assertThat(chat.read().text()).contains("id:20");
			upload.write("56789");
			assertThat(upload.read().text()).isEqualTo("bytes=10 pid=" + predecessor);
			service.awaitPredecessorGone(restart);
			assertThat(Fates.of(service, "cut")).isZero();
			return restart.successor();
		}
	}

	private static void assertOutcome(HttpAnswer answer, int generation) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		DocumentContext json = JsonPath.parse(answer.text());
		assertThat(json.<String>read("$.outcome")).isEqualTo("completed");
		assertThat(json.<String>read("$.trigger")).isEqualTo("endpoint");
		assertThat(json.<Integer>read("$.generation")).isEqualTo(generation);
	}

	@Test
	@Tag("exhaustive")
	void whenStoppedAndStartedUnderLoadThenRequestsFail() {
		int port = SampleService.freePort();
		try (SampleService before = on(port, "reactive-stopped").start(); MixedLoad load = load(port)) {
			load.awaitRequests(SETTLED, SampleService.PATIENCE);
			long pid = before.pid();
			before.process().signal(pid, "TERM");
			before.process().awaitExit(pid, SampleService.PATIENCE);
			try (SampleService after = on(port, "reactive-started").start()) {
				assertThat(after.pid()).isNotEqualTo(pid);
				MixedReport report = load.stop();
				assertThat(report.byName()).as(report.toString())
					.allSatisfy((name, part) -> assertThat(part.failures()).isPositive());
			}
		}
	}

	private static SampleService.Builder on(int port, String name) {
		return SampleService.named(name)
			.main(ReactiveApplication.class)
			.port(port)
			.args("--server.port=" + port, "--server.http2.enabled=true", "--server.tomcat.max-keep-alive-requests=-1",
					"--server.tomcat.keep-alive-timeout=10m");
	}

	private static MixedLoad load(int port) {
		return MixedLoad.start(LoadSettings.close(port, 8).rate(50), LoadSettings.keepAlive(port, BUSY).rate(200),
				LoadSettings.idle(port, IDLE, Duration.ofSeconds(1)),
				LoadSettings.close(port, 2).name("slow").path("/slow?ms=2000").timeout(Duration.ofSeconds(60)),
				LoadSettings.keepAlive(port, 2).name("upload").path("/upload").upload(100_000, Duration.ofSeconds(1)));
	}

	/**
	 * Asks for a restart.
	 */
	private interface Trigger {

		SampleService.Pending pull() throws Exception;

	}

}
