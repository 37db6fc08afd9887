package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.gracefulrestart.RestartEndedEvent;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.handover.ReportEntriesTests;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RestartStateTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private final RestartState state = new RestartState(RestartPhase.SERVING, 3, null, this.events::add);

	@Test
	void whenMoveIsLegalThenIsPublished() {
		this.state.move(RestartPhase.PREFLIGHT);
		assertThat(this.state.phase()).isEqualTo(RestartPhase.PREFLIGHT);
		this.state.awaitEvents(PATIENCE);
		assertThat(this.events).singleElement().isInstanceOfSatisfying(RestartPhaseEvent.class, (event) -> {
			assertThat(event.getPrevious()).isEqualTo(RestartPhase.SERVING);
			assertThat(event.getPhase()).isEqualTo(RestartPhase.PREFLIGHT);
		});
	}

	@Test
	void whenMoveIsIllegalThenFailsAndNothingChanges() {
		assertThatIllegalStateException().isThrownBy(() -> this.state.move(RestartPhase.DRAINING))
			.withMessage("no way from SERVING to DRAINING");
		assertThat(this.state.phase()).isEqualTo(RestartPhase.SERVING);
		assertThat(this.events).isEmpty();
	}

	@Test
	void whenInAnotherPhaseThenMoveIsNotMade() {
		assertThat(this.state.moveFrom(RestartPhase.STARTING, RestartPhase.SERVING)).isEqualTo(RestartPhase.SERVING);
		assertThat(this.events).isEmpty();
	}

	@Test
	void whenManyAskAtOnceThenOneGetsIt() {
		RestartState shared = new RestartState(RestartPhase.SERVING, 1, null, (event) -> {
		});
		AtomicInteger winners = new AtomicInteger();
		CompletableFuture<?>[] all = Stream.generate(() -> CompletableFuture.runAsync(() -> {
			if (shared.moveFrom(RestartPhase.SERVING, RestartPhase.PREFLIGHT) == RestartPhase.SERVING) {
				winners.incrementAndGet();
			}
		})).limit(50).toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(all).join();
		assertThat(winners).hasValue(1);
	}

	@Test
	void whenLeavingThenStays() {
		this.state.leave();
		this.state.leave();
		assertThat(this.state.phase()).isEqualTo(RestartPhase.LEAVING);
		this.state.awaitEvents(PATIENCE);
		assertThat(this.events).hasSize(1);
		assertThatIllegalStateException().isThrownBy(() -> this.state.move(RestartPhase.SERVING));
	}

	@Test
	void whenListenerFailsThenTheMoveStands() {
		RestartState failing = new RestartState(RestartPhase.SERVING, 1, null, (event) -> {
			throw new IllegalArgumentException("listener");
		});
		failing.move(RestartPhase.PREFLIGHT);
		assertThat(failing.phase()).isEqualTo(RestartPhase.PREFLIGHT);
	}

	@Test
	void reportIsKeptAndPublished() {
		RestartReport report = ReportEntriesTests.report();
		assertThat(this.state.lastReport()).isNull();
		this.state.ended(report);
		assertThat(this.state.lastReport()).isEqualTo(report);
		this.state.awaitEvents(PATIENCE);
		assertThat(this.events).singleElement()
			.isInstanceOfSatisfying(RestartEndedEvent.class,
					(event) -> assertThat(event.getReport()).isEqualTo(report));
	}

}
