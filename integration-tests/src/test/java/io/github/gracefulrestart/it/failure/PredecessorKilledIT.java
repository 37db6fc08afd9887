package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The predecessor dies when the successor no longer needs it, or hardly.
 * <p>
 * The load pauses for the moment of the kill, because what a killed process has accepted
 * dies with it. Clients that connect from then on must be served, however long it takes.
 */
class PredecessorKilledIT extends WithFailingService {

	/**
	 * The parent of the predecessor does not reap it, like process 1 of many containers,
	 * so it stays a zombie.
	 */
	@Test
	void whenKilledAtOnceAndNotWaitedForThenTheSuccessorHasItsListenersAndItsOutput() throws Exception {
		SampleService.Builder builder = SampleService.named("predecessor-zombie");
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Path script = Files.writeString(builder.directory().resolve("start"),
				"#!/bin/sh\n" + java + " \"$@\" &\nexec sleep 600\n");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		this.service = FailingService.start(builder.process((process) -> process.java(script)));
		long predecessor = this.service.service().pid();
		long successor = this.service.trigger();
		this.service.process().signal(successor, "STOP");
		kill(predecessor);
		this.service.startLoadOfNewConnections();
		this.service.process().signal(successor, "CONT");
		this.service.awaitOutput(LogLines.servesAlone(predecessor, 2));
		// From its first line on
		assertThat(this.service.outputSinceMark()).containsSubsequence(":: Spring Boot ::", "with PID " + successor,
				LogLines.predecessorDied(predecessor), "Started SampleApplication");
		this.service.awaitState("serving");
		this.service.assertNothingLost();
		assertThat(this.service.service().pid()).isEqualTo(successor);
		this.service.assertNoFilesLeft();
		this.service.startLoad();
		this.service.restart();
		this.service.assertNothingLost();
	}

	@Test
	void whenKilledWhileItDrainsThenTheSuccessorServesOn() throws Exception {
		this.service = FailingService.start("predecessor-killed-draining");
		this.service.startLoad();
		long predecessor = this.service.service().pid();
		try (RawHttp upload = this.service.service().connect()) {
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			long successor = this.service.trigger();
			this.service.awaitOutput(LogLines.takenOver(2));
			// The load goes on, on connections that the successor has
			this.service.assertNothingLost();
			this.service.startLoad();
			kill(predecessor);
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> {
				upload.write("56789");
				upload.read();
			});
			this.service.awaitOutput(LogLines.servesAlone(predecessor, 2));
			assertServesAlone(successor);
		}
	}

	private void kill(long pid) {
		this.service.process().signal(pid, "KILL");
		this.service.process().awaitExit(pid, FailingService.PATIENCE);
	}

	private void assertServesAlone(long successor) throws Exception {
		this.service.awaitState("serving");
		this.service.assertNothingLost();
		assertThat(this.service.service().pid()).isEqualTo(successor);
		assertThat(this.service.process().running()).extracting(ProcessHandle::pid).containsExactly(successor);
		this.service.assertNoFilesLeft();
		this.service.configure();
		this.service.startLoad();
		this.service.restart();
		this.service.assertNothingLost();
	}

}
