package io.github.gracefulrestart.it;

import java.util.Map;

import io.github.gracefulrestart.testsupport.ConnectionEnd;
import io.github.gracefulrestart.testsupport.Http2Client;
import io.github.gracefulrestart.testsupport.Http2GoAway;
import io.github.gracefulrestart.testsupport.Http2Result;
import io.github.gracefulrestart.testsupport.Http2Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * HTTP/2, by prior knowledge and over TLS: the server says that it goes away, and
 * finishes what it has begun.
 */
class Http2IT {

	@Test
	void whenRestartedThenNoStreamIsLost() throws Exception {
		restart(true);
	}

	@Test
	@Tag("exhaustive")
	void whenRestartedThenNoStreamByPriorKnowledgeIsLost() throws Exception {
		restart(false);
	}

	private static void restart(boolean tls) throws Exception {
		try (SampleService service = on(SampleService.freePort(), "http2-" + (tls ? "tls" : "plain"), tls).start();
				Http2Load load = Http2Load.start(service.port(), tls);
				Http2Client client = connect(service, tls);
				Http2Client silent = connect(service, tls)) {
			load.awaitMoreAnswers(100);
			Http2Stream running = client.open("POST", "/upload", false);
			Http2Upload upload = Http2Upload.begin(running);
			assertThat(client.get("/hello").await(SampleService.PATIENCE).isOk()).isTrue();
			SampleService.Restart restart = service.handOver();
			Http2GoAway goAway = client.awaitGoAway(SampleService.PATIENCE);
			assertThat(goAway.errorCode()).isZero();
			assertThat(goAway.lastStreamId()).isGreaterThanOrEqualTo(running.id());
			assertThat(silent.awaitGoAway(SampleService.PATIENCE).errorCode()).isZero();
			load.awaitMoreAnswers(100);
			assertThat(running.isEnded()).isFalse();
			int length = upload.complete();
			Http2Result result = running.await(SampleService.PATIENCE);
			assertThat(result.ending()).as(result.toString()).isEqualTo(Http2Result.Ending.COMPLETE);
			assertThat(result.body()).isEqualTo("bytes=" + length + " pid=" + restart.predecessor() + " generation=1");
			assertThat(client.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			assertThat(silent.awaitEnd(SampleService.PATIENCE)).isEqualTo(ConnectionEnd.EOF);
			try (Http2Client next = connect(service, tls)) {
				assertThat(next.get("/hello").await(SampleService.PATIENCE).pid()).isEqualTo(restart.successor());
			}
			service.awaitPredecessorGone(restart);
			SampleService.Restart second = service.restart();
			load.awaitMoreAnswers(100);
			load.stop();
			assertThat(load.failures()).isEmpty();
			assertThat(load.pids()).containsExactlyInAnyOrder(restart.predecessor(), restart.successor(),
					second.successor());
		}
	}

	@Test
	void whenStoppedAndStartedThenLoadNotices() {
		stopAndStart(false);
	}

	@Test
	@Tag("exhaustive")
	void whenStoppedAndStartedThenLoadOverTlsNotices() {
		stopAndStart(true);
	}

	private static void stopAndStart(boolean tls) {
		int port = SampleService.freePort();
		try (SampleService before = on(port, "http2-stopped", tls).start();
				Http2Load load = Http2Load.start(port, tls)) {
			load.awaitMoreAnswers(100);
			long pid = before.pid();
			before.process().signal(pid, "TERM");
			before.process().awaitExit(pid, SampleService.PATIENCE);
			try (SampleService after = on(port, "http2-started", tls).start()) {
				load.awaitMoreAnswers(100);
				load.stop();
				assertThat(load.pids()).containsExactlyInAnyOrder(pid, after.pid());
				assertThat(load.failures()).isNotEqualTo(Map.of());
			}
		}
	}

	private static Http2Client connect(SampleService service, boolean tls) throws Exception {
		return tls ? Http2Client.connectTls(service.port()) : Http2Client.connect(service.port());
	}

	private static SampleService.Builder on(int port, String name, boolean tls) {
		SampleService.Builder builder = SampleService.named(name)
			.port(port)
			.args("--server.port=" + port, "--spring.profiles.active=http2" + (tls ? ",tls" : ""));
		return tls ? builder.tls() : builder;
	}

}
