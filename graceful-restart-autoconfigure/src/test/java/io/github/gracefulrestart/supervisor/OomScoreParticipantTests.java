package io.github.gracefulrestart.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.gracefulrestart.SuccessorLaunch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With a tree such as the kernel shows it. What the kernel makes of it is tested with
 * real processes elsewhere.
 */
class OomScoreParticipantTests {

	private static final long SUCCESSOR = 77;

	@TempDir
	Path proc;

	private OomScore score;

	@BeforeEach
	void processes() throws IOException {
		this.score = new OomScore(this.proc);
		set("self", -100);
		set("77", -100);
	}

	@Test
	void whenRestartingThenTheOneThatDoesNotServeIsTheOneToGo() throws IOException {
		OomScoreParticipant predecessor = new OomScoreParticipant(this.score, false, false, null);
		SuccessorLaunch launch = new SuccessorLaunch(2, false);
		predecessor.beforeLaunch(launch);
		assertThat(launch.environment()).containsEntry(OomScoreParticipant.VARIABLE, "-100");
		predecessor.launched(SUCCESSOR);
		assertThat(get("77")).isEqualTo(1000);
		assertThat(get("self")).isEqualTo(-100);
		predecessor.resign();
		assertThat(get("self")).isEqualTo(1000);
		predecessor.resume();
		assertThat(get("self")).isEqualTo(-100);
	}

	@Test
	void whenTakenOverThenTheSuccessorHasTheValueOfTheFirstGeneration() throws IOException {
		set("self", 1000);
		new OomScoreParticipant(this.score, false, false, "-100").takenOver();
		assertThat(get("self")).isEqualTo(-100);
	}

	@Test
	void whenThePredecessorHasDiedThenTheSuccessorHasThatValueToo() throws IOException {
		set("self", 1000);
		new OomScoreParticipant(this.score, false, true, "-100").alone();
		assertThat(get("self")).isEqualTo(-100);
	}

	/** Its death would be that of its container. */
	@Test
	void whenThePredecessorBecomesTheKeeperThenItIsNeverTheOneToGo() throws IOException {
		OomScoreParticipant predecessor = new OomScoreParticipant(this.score, true, false, null);
		predecessor.beforeLaunch(new SuccessorLaunch(2, false));
		predecessor.launched(SUCCESSOR);
		predecessor.resign();
		assertThat(get("self")).isEqualTo(-100);
		assertThat(get("77")).isEqualTo(1000);
		set("self", 1000);
		new OomScoreParticipant(this.score, false, true, "-100").takenOver();
		assertThat(get("self")).isEqualTo(1000);
	}

	@Test
	void whenTheKernelDoesNotTellThenNothingIsSet() throws IOException {
		Files.delete(this.proc.resolve("self/oom_score_adj"));
		OomScoreParticipant predecessor = new OomScoreParticipant(this.score, false, false, null);
		SuccessorLaunch launch = new SuccessorLaunch(2, false);
		predecessor.beforeLaunch(launch);
		predecessor.launched(SUCCESSOR);
		predecessor.resign();
		predecessor.resume();
		assertThat(launch.environment()).isEmpty();
		assertThat(get("77")).isEqualTo(-100);
		assertThat(this.proc.resolve("self/oom_score_adj")).doesNotExist();
	}

	private void set(String process, int value) throws IOException {
		Files.createDirectories(this.proc.resolve(process));
		Files.writeString(this.proc.resolve(process).resolve("oom_score_adj"), Integer.toString(value));
	}

	private int get(String process) throws IOException {
		return Integer.parseInt(Files.readString(this.proc.resolve(process).resolve("oom_score_adj")));
	}

}
