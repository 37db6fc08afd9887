package io.github.gracefulrestart.it.failure;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners of the application that throw, take their time or never return. No restart
 * depends on them, and neither does the end of a process.
 */
class ListenerFaultIT extends WithFailingService {

	private static final List<String> EVENTS = List.of("phase:preflight", "phase:launching", "phase:awaiting-ready",
			"phase:handing-over", "phase:draining", "phase:probation", "phase:leaving", "phase:serving",
			"phase:succeeding", "ended", "gone", "refusing", "closed");

	private static final String EVERYTHING = "sample.fault-at=" + String.join(",", EVENTS);

	private FailingService start(String name, String configuration, String... arguments) throws Exception {
		SampleService.Builder builder = SampleService.named(name).args(arguments);
		Files.writeString(builder.directory().resolve("application.properties"), configuration);
		this.service = FailingService.start(builder);
		return this.service;
	}

	/**
	 * A client that waits for the outcome gets a response, the next restart works, and an
	 * exception while the context is closed does not keep the process alive, not even if
	 * it comes before anything has been closed.
	 */
	@Test
	void whenListenersThrowErrorsThenEachRestartHasItsOutcome() throws Exception {
		start("listener-error", EVERYTHING);
		long predecessor = this.service.service().pid();
		this.service.configure("sample.fail-start=true");
		HttpAnswer failed = this.service.reload("?wait=true");
		assertThat(failed.status()).isEqualTo(500);
		assertThat(failed.text()).contains("\"outcome\":\"failed\"");
		assertThat(this.service.status("$.state")).isEqualTo("serving");
		this.service.awaitOutput("A listener of RestartEndedEvent failed. The restart continues");
		this.service.configure("");
		this.service.startLoad();
		this.service.restart();
		assertThat(this.service.outputSinceMark()).contains("The application context failed to close");
		assertThat(this.service.service().pid()).isNotEqualTo(predecessor);
		this.service.restart();
		this.service.assertNothingLost();
	}

	/**
	 * Neither a successor that has just begun to serve nor one that serves alone waits
	 * for its listeners, and both end when they are told to.
	 */
	@Test
	void whenListenersSleepThenNobodyWaitsForThem() throws Exception {
		start("listener-sleep", "", "--graceful.restart.hang-timeout=3s", "--graceful.restart.probation=4s",
				"--spring.lifecycle.timeout-per-shutdown-phase=3s");
		this.service.configure("sample.fault-at=phase:succeeding,gone", "sample.fault-how=sleep",
				"sample.fault-time=5m");
		this.service.startLoad();
		this.service.restart();
		this.service.assertNothingLost();
		this.service.process().signal(this.service.service().pid(), "TERM");
		await("the end").atMost(Duration.ofSeconds(30)).until(() -> this.service.process().running().isEmpty());
	}

	/**
	 * Each generation has another fault, as a successor and then as a predecessor.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "error", "sleep", "hang" })
	@Tag("exhaustive")
	void whenAnyListenerFailsAtAnyEventThenTheRestartCompletes(String how) throws Exception {
		start("listener-any-" + how, "", "--graceful.restart.hang-timeout=1s", "--graceful.restart.probation=1s",
				"--graceful.restart.shutdown-timeout=3s");
		this.service.startLoad();
		for (String event : EVENTS) {
			this.service.configure("sample.fault-at=" + event, "sample.fault-how=" + how, "sample.fault-time=1500ms");
			this.service.restart();
		}
		this.service.configure("");
		this.service.restart();
		this.service.assertNothingLost();
	}

	/**
	 * A text that is longer than a message of the control socket can be.
	 */
	@Test
	void whenTheReasonIsAWholePageThenIsShortened() throws Exception {
		start("listener-reason", "", "--graceful.restart.probation=5m");
		long predecessor = this.service.service().pid();
		this.service.startLoad();
		long successor = this.service.trigger();
		this.service.awaitOutput("is on probation for another");
		this.service.service().post("/fail?how=say-too-much");
		assertThat(this.service.awaitFailure(predecessor, successor, "rolled back"))
			.startsWith("successor (pid " + successor + ") requested a rollback: prices are wrong prices are wrong ")
			.hasSizeLessThan(20_000);
		this.service.stopLoad();
	}

}
