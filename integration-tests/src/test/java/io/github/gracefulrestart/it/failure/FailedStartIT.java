package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One service, restarted again and again with something in the way each time. That each
 * test finds it able to try again is part of what they show.
 */
@Lengthy
@ExtendWith(FailedStartIT.ShowLog.class)
class FailedStartIT {

	private static FailingService service;

	private long predecessor;

	@BeforeAll
	static void start() {
		service = FailingService.start(SampleService.named("failed-start").copyOfJar());
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@BeforeEach
	void load() throws Exception {
		service.configure();
		service.startLoad();
		this.predecessor = service.service().pid();
		assertThat(service.status("$.state")).isEqualTo("serving");
	}

	@AfterEach
	void nothingIsLost() {
		service.assertNothingLost();
	}

	@Test
	void whenJarIsTruncatedThenIsRefusedBeforeAnythingIsLaunched() throws Exception {
		Path jar = service.service().directory().resolve("app.jar");
		Path whole = Files.move(jar, jar.resolveSibling("whole.jar"));
		try {
			byte[] bytes = Files.readAllBytes(whole);
			// Renamed into place, because this process has the complete one open
			Path broken = Files.write(jar.resolveSibling("broken.jar"), Arrays.copyOf(bytes, bytes.length / 2));
			Files.move(broken, jar, StandardCopyOption.ATOMIC_MOVE);
			assertRefused("the jar " + jar + " is not a complete archive (", "USR2", "signal USR2");
		}
		finally {
			Files.move(whole, jar, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	@Test
	void whenJarIsMissingThenIsRefusedBeforeAnythingIsLaunched() throws Exception {
		Path jar = service.service().directory().resolve("app.jar");
		Path away = Files.move(jar, jar.resolveSibling("away.jar"));
		try {
			assertRefused("the jar " + jar + " does not exist; put it in place and try again", "HUP", "signal HUP");
		}
		finally {
			Files.move(away, jar, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private void assertRefused(String reason, String signal, String trigger) throws Exception {
		HttpAnswer answer = service.reload("");
		assertThat(answer.status()).as(answer.text()).isEqualTo(422);
		assertThat(JsonPath.<String>read(answer.text(), "$.message")).startsWith(reason);
		service.mark();
		service.process().signal(this.predecessor, signal);
		service.awaitOutput(LogLines.refused(trigger) + reason);
		service.awaitOutput(". Continuing to serve as generation ");
		service.awaitState("serving");
		assertThat(service.status("$.lastRestart.outcome")).isEqualTo("refused");
		assertThat(service.outputSinceMark()).doesNotContain(LogLines.LAUNCHED);
		assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(this.predecessor);
		service.assertNoFilesLeft();
	}

	@Test
	void whenContextFailsThenTheCauseIsAnswered() throws Exception {
		service.configure("sample.fail-start=true");
		HttpAnswer answer = service.reload("?wait=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(500);
		assertThat(JsonPath.<String>read(answer.text(), "$.outcome")).isEqualTo("failed");
		assertThat(JsonPath.<String>read(answer.text(), "$.reason")).startsWith("successor (pid ")
			.contains("failed to start: ", "Start failed because 'sample.fail-start' is set");
		assertThat(JsonPath.<String>read(answer.text(), "$.detail")).contains("Caused by: ",
				"Start failed because 'sample.fail-start' is set");
		String reason = service.awaitFailure(this.predecessor, service.awaitSuccessor(), "failed");
		assertThat(reason).isEqualTo(JsonPath.<String>read(answer.text(), "$.reason"));
		assertThat(service.outputSinceMark()).contains(LogLines.FAILED + reason);
	}

	@Test
	void whenFailureIsAnalyzedThenTheAnalysisIsAnswered() throws Exception {
		service.configure("graceful.restart.handover-timeout=0s");
		HttpAnswer answer = service.reload("?wait=true");
		assertThat(answer.status()).as(answer.text()).isEqualTo(500);
		assertThat(JsonPath.<String>read(answer.text(), "$.reason")).contains("graceful.restart.handover-timeout");
		assertThat(JsonPath.<String>read(answer.text(), "$.detail")).contains("graceful.restart.handover-timeout",
				"it must be between 1ms and 1d, for example 30s", "Action: ");
		service.awaitFailure(this.predecessor, service.awaitSuccessor(), "failed");
	}

	@Test
	void whenSuccessorExitsThenServesOnWithItsCode() throws Exception {
		service.configure("sample.exit-start=3");
		long successor = service.trigger();
		assertThat(service.awaitFailure(this.predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") exited with code 3 before it was ready");
	}

	/**
	 * In a service of its own, because its next generation would have as little time.
	 */
	@Test
	void whenSuccessorHangsThenItIsEnded() throws Exception {
		try (FailingService impatient = FailingService.start("failed-start-late",
				"--graceful.restart.startup-timeout=5s")) {
			impatient.startLoad();
			long pid = impatient.service().pid();
			impatient.configure("sample.hang-start=true");
			long successor = impatient.trigger();
			// One that is slow has not even connected by then
			assertThat(impatient.awaitFailure(pid, successor, "failed"))
				.matches("successor \\(pid " + successor + "\\) (was not ready|did not connect) within 5000 ms");
			impatient.assertNothingLost();
		}
	}

	@Test
	void whenSuccessorIsKilledBeforeItConnectsThenServesOn() throws Exception {
		long successor = service.trigger();
		service.process().signal(successor, "STOP");
		assertThat(service.status("$.state")).isEqualTo("launching");
		service.process().signal(successor, "KILL");
		assertThat(service.awaitFailure(this.predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") exited with code 137 before it was ready");
	}

	@Test
	void whenSuccessorIsKilledAfterItConnectedThenServesOn() throws Exception {
		service.configure("sample.hang-start=true");
		long successor = service.trigger();
		service.awaitState("awaiting-ready");
		assertThat(service.number("$.successorPid")).isEqualTo(successor);
		service.process().signal(successor, "KILL");
		assertThat(service.awaitFailure(this.predecessor, successor, "failed"))
			.isEqualTo("successor (pid " + successor + ") exited with code 137 before it was ready");
	}

	@Test
	void whenRestartIsUnderWayThenAnotherIsRefused() throws Exception {
		service.configure("sample.hang-start=true");
		long successor = service.trigger();
		service.awaitState("awaiting-ready");
		String reason = "a restart is under way (awaiting-ready, successor pid " + successor + ")";
		for (String query : new String[] { "", "?wait=true" }) {
			HttpAnswer answer = service.service().post("/actuator/reload" + query);
			assertThat(answer.status()).isEqualTo(409);
			assertThat(JsonPath.<String>read(answer.text(), "$.message")).isEqualTo(reason);
		}
		assertThat(service.outputSinceMark()).contains(LogLines.refused("endpoint") + reason);
		for (String signal : new String[] { "USR2", "HUP" }) {
			service.process().signal(this.predecessor, signal);
			service.awaitOutput(LogLines.refused("signal " + signal) + reason);
		}
		assertThat(service.process().running()).extracting(ProcessHandle::pid)
			.containsExactlyInAnyOrder(this.predecessor, successor);
		service.process().signal(successor, "KILL");
		service.awaitFailure(this.predecessor, successor, "failed");
	}

	@Test
	void whenStrangersConnectThenTheyAreLoggedAndTheRestartSucceeds() throws Exception {
		long successor = service.trigger();
		service.process().signal(successor, "STOP");
		UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(service.controlSocket());
		try (SocketChannel silent = SocketChannel.open(socket); SocketChannel garbage = SocketChannel.open(socket)) {
			garbage.configureBlocking(false);
			writeWhatGoes(garbage, "GET / HTTP/1.1\r\n\r\n");
			assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			String stranger = LogLines.INTRUDER + " (pid " + ProcessHandle.current().pid() + ", uid ";
			service.awaitOutput(stranger);
			service.awaitOutput("It was refused, and the restart continues");
		}
		assertThat(service.status("$.state")).isEqualTo("launching");
		service.process().signal(successor, "CONT");
		service.process().awaitExit(this.predecessor, FailingService.PATIENCE);
		service.awaitOutput(LogLines.predecessorGone(this.predecessor));
		assertThat(service.service().pid()).isEqualTo(successor);
		service.assertNoFilesLeft();
	}

	private static void writeWhatGoes(SocketChannel channel, String text) {
		try {
			channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (IOException ex) {
			// Refused already
		}
	}

	/**
	 * Shows the service's log.
	 */
	static class ShowLog implements TestExecutionExceptionHandler {

		@Override
		public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
			service.handleTestExecutionException(context, failure);
		}

	}

}
