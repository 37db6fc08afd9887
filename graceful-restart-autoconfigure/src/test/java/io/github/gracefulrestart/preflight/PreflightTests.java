package io.github.gracefulrestart.preflight;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PreflightTests {

	/**
	 * Files may change between two looks.
	 */
	@Test
	void whenThereAreSeveralChecksThenAllSpeakOfTheSameLaunchWhichIsFoundOutOnceForEachRun() {
		List<Integer> found = new ArrayList<>();
		List<PlannedLaunch> seen = new ArrayList<>();
		PlanCheck check = (launch) -> {
			seen.add(launch);
			return List.of(PreflightResult.passed("check", String.valueOf(launch.failure())));
		};
		Preflight preflight = new Preflight((generation) -> {
			found.add(generation);
			return new PlannedLaunch(null, "as generation " + generation);
		}, List.of(check, check, check), List::of);
		preflight.run(2);
		assertThat(found).containsExactly(2);
		assertThat(seen).hasSize(3).allSatisfy((launch) -> assertThat(launch).isSameAs(seen.get(0)));
		preflight.run(3);
		assertThat(found).containsExactly(2, 3);
		assertThat(seen.get(3).failure()).isEqualTo("as generation 3");
	}

}
