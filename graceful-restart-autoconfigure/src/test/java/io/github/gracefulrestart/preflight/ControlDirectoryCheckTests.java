package io.github.gracefulrestart.preflight;

import java.nio.file.Files;
import java.nio.file.Path;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ControlDirectoryCheckTests {

	@TempDir
	Path directory;

	@Test
	void whenDirectoryIsUsableThenPassesAndLeavesNothing() throws Exception {
		assertThat(check(this.directory))
			.isEqualTo(PreflightResult.passed("control-directory", this.directory + " is writable and has space"));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void whenDirectoryIsMissingOrAFileThenIsRefused() throws Exception {
		for (Path path : new Path[] { this.directory.resolve("missing"),
				Files.createFile(this.directory.resolve("file")) }) {
			assertThat(check(path))
				.isEqualTo(PreflightResult.refused("control-directory", "the directory for the control " + "socket, "
						+ path + ", is not a writable directory; see graceful.restart.control-directory"));
		}
	}

	@Test
	void whenPathIsTooLongThenIsRefused() throws Exception {
		Path deep = Files.createDirectories(this.directory.resolve("a".repeat(100)));
		assertThat(check(deep).message()).isEqualTo("the path of the control directory, " + deep
				+ ", is too long for a socket in it; name a shorter one with graceful.restart.control-directory");
	}

	/**
	 * A directory that all users may write to, according to its permissions.
	 */
	@Test
	void whenNothingCanBeWrittenThenIsRefused() {
		PreflightResult result = check(Path.of("/proc/self/task"));
		assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(result.message()).contains("graceful.restart.control-directory");
	}

	private static PreflightResult check(Path path) {
		return new ControlDirectoryCheck(path).check(PlannedLaunch.NONE).get(0);
	}

}
