package io.github.gracefulrestart.posix;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReaperTests {

	@Test
	void whenTheChildCannotBeWaitedForThenTheStatusIsUnknown() throws Exception {
		Reaper reaper = Reaper.start();
		reaper.watch(ProcessHandle.current().pid()); // no child of its own
		assertThat(reaper.status().get(30, TimeUnit.SECONDS)).isEqualTo(SpawnedProcess.UNKNOWN_STATUS);
	}

}
