package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

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
		await().atMost(FailingService.PATIENCE)
			.until(() -> this.service.outputSinceMark().contains("GET /hello?from=second"));
	}

	/**
	 * The disk that standard output is on is full, for both generations. What they say is
	 * read from a log file.
	 */
	@Test
	void whenNothingCanBeWrittenThenATalkativeSuccessorBecomesReadyAndAFailureIsExplained() throws Exception {
		SampleService.Builder builder = SampleService.named("output-full");
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Path script = Files.writeString(builder.directory().resolve("java"),
				"#!/bin/sh\nexec " + java + " \"$@\" > /dev/full 2>&1\n");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.service = FailingService
			.start(builder.args("--logging.file.name=output.log").process((process) -> process.java(script)));
		long predecessor = this.service.service().pid();
		this.service.startLoad();

		this.service.configure("logging.config=missing.xml");
		long failed = this.service.trigger();
		this.service.awaitFailure(predecessor, failed, "failed");
		// Its beginning and its end
		assertThat(this.service.status("$.lastRestart.detail"))
			.contains("Logging system failed to initialize using configuration from 'missing.xml'", "at java.base/")
			.contains("FileNotFoundException");

		this.service.configure("logging.level.root=trace");
		this.service.restart();
		assertThat(this.service.outputSinceMark().length()).isGreaterThan(PIPE_SIZE);
		this.service.assertNothingLost();
	}

}
