package io.github.gracefulrestart;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class RestartPhaseTests {

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEAVING")
	void fromEverywhereThereIsAWayToServeOrToLeave(RestartPhase phase) {
		assertThat(phase.next()).contains(RestartPhase.LEAVING).doesNotContain(phase);
		assertThat((phase == RestartPhase.SERVING) ? Set.of(RestartPhase.SERVING) : phase.next())
			.contains(RestartPhase.SERVING);
	}

	@Test
	void leavingIsTheEnd() {
		assertThat(RestartPhase.LEAVING.next()).isEmpty();
	}

	@Test
	void everyPhaseCanBeReachedFromTheStart() {
		Set<RestartPhase> reached = new HashSet<>(EnumSet.of(RestartPhase.STARTING, RestartPhase.INHERITING));
		while (reached.addAll(reached.stream().flatMap((phase) -> phase.next().stream()).toList())) {
			assertThat(reached).hasSizeLessThanOrEqualTo(RestartPhase.values().length);
		}
		assertThat(reached).containsExactlyInAnyOrder(RestartPhase.values());
	}

	@Test
	void noPhaseOfARestartCanBeSkipped() {
		assertThat(RestartPhase.SERVING.next()).containsExactlyInAnyOrder(RestartPhase.PREFLIGHT, RestartPhase.LEAVING);
		assertThat(RestartPhase.AWAITING_READY.next()).doesNotContain(RestartPhase.DRAINING);
		assertThat(RestartPhase.INHERITING.next()).doesNotContain(RestartPhase.PREFLIGHT);
		assertThat(RestartPhase.SUCCEEDING.next()).doesNotContain(RestartPhase.PREFLIGHT);
	}

	@Test
	void labelsAreForPeople() {
		assertThat(RestartPhase.AWAITING_READY.label()).isEqualTo("awaiting-ready");
		assertThat(RestartOutcome.ROLLED_BACK.label()).isEqualTo("rolled-back");
	}

}
