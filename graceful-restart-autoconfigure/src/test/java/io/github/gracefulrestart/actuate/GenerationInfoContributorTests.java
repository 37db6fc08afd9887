package io.github.gracefulrestart.actuate;

import java.util.Map;

import io.github.gracefulrestart.RestartPhase;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;

import static org.assertj.core.api.Assertions.assertThat;

class GenerationInfoContributorTests {

	@Test
	void whenAskedThenTellsWhereThisProcessStandsAtThatMoment() {
		PlayedRestarter restarter = new PlayedRestarter();
		GenerationInfoContributor contributor = new GenerationInfoContributor(restarter);
		assertThat(details(contributor)).isEqualTo(Map.of("generation", PlayedRestarter.GENERATION, "pid",
				ProcessHandle.current().pid(), "state", "serving"));
		restarter.phase = RestartPhase.PROBATION;
		assertThat(details(contributor)).isEqualTo(Map.of("generation", PlayedRestarter.GENERATION, "pid",
				ProcessHandle.current().pid(), "state", "probation"));
	}

	private static Object details(GenerationInfoContributor contributor) {
		Info.Builder info = new Info.Builder();
		contributor.contribute(info);
		return info.build().getDetails().get("gracefulRestart");
	}

}
