package io.github.gracefulrestart.it.failure;

import java.time.Duration;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.ProcFs;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the successor writes does not depend on the predecessor's life.
 */
class OutputIT extends WithFailingService {

	/** What a pipe holds by default, in bytes. */
	private static final int PIPE_SIZE = 65_536;

	@Test
	void whenThePredecessorHangsThenATalkativeSuccessorBecomesReady() throws Exception {
		this.service = FailingService.start("output-talkative", "--graceful.restart.handover-timeout=2s");
		long predecessor = this.service.service().pid();
		this.service.configure("logging.level.root=trace");
		long successor = this.service.trigger();
		this.service.awaitState("awaiting-ready");
		this.service.process().signal(predecessor, "STOP");
		await("a stopped process").atMost(FailingService.PATIENCE).until(() -> ProcFs.isStopped(predecessor));
		int passedOn = this.service.process().output().length();
		this.service.startLoadOfNewConnections();
		this.service.awaitRequests(5);
		String own = this.service.process().output().substring(passedOn);
		assertThat(own).contains("Started SampleApplication");
		assertThat(own.indexOf("Started SampleApplication")).isGreaterThan(PIPE_SIZE);
		this.service.process().signal(predecessor, "CONT");
		this.service.process().awaitExit(predecessor, FailingService.PATIENCE);
		assertThat(this.service.service().pid()).isEqualTo(successor);
		this.service.assertNothingLost();
	}

	@Test
	void whenTheApplicationHasOpenedItsOutputAgainThenThatIsTakenOverToo() throws Exception {
		this.service = FailingService.start(SampleService.named("output-reopened")
			.args("--server.tomcat.accesslog.enabled=true", "--server.tomcat.accesslog.directory=/dev",
					"--server.tomcat.accesslog.prefix=stdout", "--server.tomcat.accesslog.suffix=",
					"--server.tomcat.accesslog.file-date-format=", "--server.tomcat.accesslog.buffered=false"));
		this.service.service().get("/hello?from=first");
		this.service.awaitOutput("GET /hello?from=first");
		this.service.restart();
		this.service.service().get("/hello?from=second");
		await().atMost(Duration.ofSeconds(5))
			.until(() -> this.service.outputSinceMark().contains("GET /hello?from=second"));
	}

}
