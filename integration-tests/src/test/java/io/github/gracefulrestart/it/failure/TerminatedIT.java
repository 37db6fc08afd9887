package io.github.gracefulrestart.it.failure;

import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The service is told to stop in the middle of a restart: both processes end in order and
 * nothing is left of them.
 */
class TerminatedIT {

	/** 128 + SIGTERM: whoever stopped it knows that it was stopped. */
	private static final int TERMINATED = 143;

	private FailingService service;

	@RegisterExtension
	final TestExecutionExceptionHandler showLog = this::showLog;

	private void showLog(ExtensionContext context, Throwable failure) throws Throwable {
		if (this.service == null) {
			throw failure;
		}
		this.service.handleTestExecutionException(context, failure);
	}

	@AfterEach
	void stop() {
		if (this.service != null) {
			this.service.close();
		}
	}

	@Test
	void whileLaunching() throws Exception {
		this.service = FailingService.start("terminated-launching");
		this.service.startLoad();
		long successor = this.service.trigger();
		this.service.process().signal(successor, "STOP");
		assertThat(this.service.status("$.state")).isEqualTo("launching");
		terminateAndAwaitTheEnd(successor);
	}

	@Test
	void whileWaitingForTheSuccessor() throws Exception {
		this.service = FailingService.start("terminated-waiting");
		this.service.configure("sample.hang-start=true");
		this.service.startLoad();
		long successor = this.service.trigger();
		this.service.awaitState("awaiting-ready");
		terminateAndAwaitTheEnd(successor);
	}

	@Test
	void whileDraining() throws Exception {
		this.service = FailingService.start("terminated-draining");
		this.service.startLoad();
		try (RawHttp upload = this.service.service().connect()) {
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			long successor = this.service.trigger();
			this.service.awaitOutput("serves as generation 2, draining");
			terminate();
			this.service.process().awaitExit(successor, FailingService.PATIENCE);
			// What was accepted is finished all the same
			upload.write("56789");
			HttpAnswer answer = upload.read();
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.text()).startsWith("bytes=10 ");
			awaitTheEnd(successor);
		}
	}

	private void terminateAndAwaitTheEnd(long successor) {
		terminate();
		awaitTheEnd(successor);
	}

	private void terminate() {
		this.service.assertNothingLost();
		this.service.process().signal("TERM");
	}

	private void awaitTheEnd(long successor) {
		assertThat(this.service.process().awaitExitCode(FailingService.PATIENCE)).isEqualTo(TERMINATED);
		assertThat(this.service.outputSinceMark())
			.contains("Told to stop during a graceful restart: ending successor (pid " + successor + ") first");
		await().atMost(FailingService.PATIENCE)
			.untilAsserted(() -> assertThat(this.service.process().running()).isEmpty());
		this.service.assertNoFilesLeft();
	}

}
