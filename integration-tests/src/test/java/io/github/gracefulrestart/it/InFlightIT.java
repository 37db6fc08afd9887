package io.github.gracefulrestart.it;

import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that have begun, in whatever way, when the successor takes over. All tests
 * restart the same service.
 */
@Isolated
class InFlightIT {

	private static SampleService service;

	@BeforeAll
	static void start() {
		service = SampleService.named("in-flight").args(SampleService.PATIENT_CONNECTIONS).start();
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@Test
	void whenHeadIsHalfSentThenPredecessorAnswers() throws Exception {
		try (RawHttp fresh = service.connect(); RawHttp reused = service.connect()) {
			assertThat(reused.get("/hello").status()).isEqualTo(200);
			fresh.write("GET /hel");
			reused.write("GET /hello HTTP/1.1\r\nHost: loc");
			awaitBusy(2);
			SampleService.Restart restart = service.handOver();
			fresh.write("lo HTTP/1.1\r\nHost:");
			fresh.write(" localhost\r\nX-Some: thing\r");
			fresh.write("\n\r\n");
			assertAnswered(fresh.read(), restart.predecessor());
			reused.write("alhost\r\n\r\n");
			assertAnswered(reused.read(), restart.predecessor());
			service.awaitPredecessorGone(restart);
		}
	}

	@Test
	void whenUploadIsHalfSentThenPredecessorTakesTheRest() throws Exception {
		try (RawHttp chunked = service.connect(); RawHttp counted = service.connect()) {
			chunked.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n5\r\nhello\r\n10\r\n0123");
			counted.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n" + "x".repeat(100));
			awaitBusy(2);
			SampleService.Restart restart = service.handOver();
			chunked.write("456789ab");
			counted.write("x".repeat(900));
			chunked.write("cdef\r\n3\r\nend\r\n");
			chunked.write("0\r\n\r\n");
			HttpAnswer answer = chunked.read();
			assertAnswered(answer, restart.predecessor());
			assertThat(answer.text()).startsWith("bytes=24 ");
			answer = counted.read();
			assertAnswered(answer, restart.predecessor());
			assertThat(answer.text()).startsWith("bytes=1000 ");
			service.awaitPredecessorGone(restart);
		}
	}

	@Test
	void whenRequestsAreBeingProcessedThenPredecessorAnswers() throws Exception {
		try (RawHttp slow = service.connect(); RawHttp async = service.connect(); RawHttp large = service.connect()) {
			// more than fits into the buffers of both ends, and not read yet
			large.writeGet("/bytes?n=20000000");
			slow.writeGet("/slow-until-handover");
			async.writeGet("/async-until-handover");
			awaitBusy(3);
			long predecessor = service.pid();
			SampleService.Pending pending = service.beginRestart();
			SampleService.Restart restart = pending.awaitHandover();
			assertThat(restart.predecessor()).isEqualTo(predecessor);
			assertThat(pending.activeAtHandover()).isEqualTo(3);
			HttpAnswer answer = large.read();
			assertThat(answer.pid()).isEqualTo(predecessor);
			assertThat(answer.bytes()).hasSize(20_000_000);
			assertThat(answer.bytes()[19_999_999]).isEqualTo((byte) ('a' + 19_999_999 % 26));
			assertAnswered(slow.read(), predecessor);
			assertAnswered(async.read(), predecessor);
			service.awaitPredecessorGone(restart);
		}
	}

	@Test
	void whenRequestsArePipelinedThenAllAreAnswered() throws Exception {
		try (RawHttp pipeline = service.connect()) {
			pipeline.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			awaitBusy(1);
			SampleService.Restart restart = service.handOver();
			pipeline.write("56789" + "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(4));
			assertAnswered(pipeline.read(), restart.predecessor());
			for (int i = 0; i < 4; i++) {
				assertThat(pipeline.read().status()).isEqualTo(200);
			}
			service.awaitPredecessorGone(restart);
		}
	}

	@Test
	void whenConnectionHasCarriedNothingThenItIsServedOrClosed() throws Exception {
		try (RawHttp silent = service.connect(); RawHttp asking = service.connect()) {
			SampleService.Restart restart = service.handOver();
			// The predecessor has accepted it, and must not leave at once
			assertThat(asking.get("/hello").status()).isEqualTo(200);
			service.awaitPredecessorGone(restart);
			Connections.assertUsableOrEnded(silent);
		}
	}

	private static void awaitBusy(int requests) {
		Connections.awaitActive(service, requests);
	}

	private static void assertAnswered(HttpAnswer answer, long pid) {
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.text()).contains("pid=" + pid + " ");
	}

}
