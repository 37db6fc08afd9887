package io.github.gracefulrestart.it;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ways to ask for a restart.
 */
class TriggerIT {

	@Test
	void whenSignalledThenSuccessorServes() throws Exception {
		try (SampleService service = SampleService.named("signals").start()) {
			long first = service.pid();
			SampleService.Restart restart = service.restart();
			assertThat(restart.predecessor()).isEqualTo(first);
			assertThat(restart.successor()).isNotEqualTo(first);
			assertThat(service.get("/hello").text()).isEqualTo("pid=" + restart.successor() + " generation=2");
		}
	}

}
