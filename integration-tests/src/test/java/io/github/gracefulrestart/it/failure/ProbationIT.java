package io.github.gracefulrestart.it.failure;

import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Probation is not configured.
 */
class ProbationIT {

	@Test
	void byDefaultThePredecessorStaysForTenSeconds() throws Exception {
		try (FailingService service = FailingService.start(SampleService.named("probation").defaultProbation())) {
			service.startLoad();
			long predecessor = service.service().pid();
			long successor = service.trigger();
			service.awaitOutput(LogLines.CAN_ROLL_BACK + "10000 ms");
			service.awaitOutput("is on probation for another");
			service.suspend(predecessor);
			assertThat(service.process().running()).extracting(ProcessHandle::pid)
				.containsExactlyInAnyOrder(predecessor, successor);
			HttpAnswer refused = service.service().post("/actuator/reload");
			assertThat(refused.status()).isEqualTo(409);
			assertThat(refused.pid()).isEqualTo(successor);
			service.resume(predecessor);
			service.process().awaitExit(predecessor, FailingService.PATIENCE);
			service.awaitState("serving");
			String status = service.service().get("/actuator/reload").text();
			List<Integer> millis = JsonPath.read(status,
					"$.lastRestart.phases[?(@.name == 'draining' || @.name == 'probation')].millis");
			assertThat(millis).hasSize(2);
			assertThat(millis.get(0) + millis.get(1)).isGreaterThan(9_900);
			assertThat(service.status("$.lastRestart.outcome")).isEqualTo("completed");
			service.assertNothingLost();
			service.assertNoFilesLeft();
		}
	}

}
