package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DescriptorCheckTests {

	@TempDir
	Path proc;

	@BeforeEach
	void open() throws IOException {
		Files.createDirectories(this.proc.resolve("self/fd"));
		for (int i = 0; i < 100; i++) {
			Files.createFile(this.proc.resolve("self/fd/" + i));
		}
	}

	@Test
	void whenLimitLeavesRoomThenPasses() throws IOException {
		limit("228");
		assertThat(check())
			.isEqualTo(PreflightResult.passed("descriptors", "100 descriptors of at most 228 (ulimit -n) are open"));
		limit("unlimited");
		assertThat(check().verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenLimitLeavesNoRoomThenWarns() throws IOException {
		limit("227");
		assertThat(check()).isEqualTo(PreflightResult.warning("descriptors",
				"100 descriptors of at most 227 (ulimit -n) are open, and the successor has the same limit: connections "
						+ "may not find room there. Start the service with a higher one, 328 for example"));
	}

	@Test
	void hereItIsKnown() {
		assertThat(new DescriptorCheck(Path.of("/proc")).check(PlannedLaunch.NONE)).singleElement()
			.extracting(PreflightResult::message)
			.asString()
			.matches("[1-9]\\d* descriptors of at most [1-9]\\d* \\(ulimit -n\\) are open.*");
	}

	private void limit(String soft) throws IOException {
		Files.writeString(this.proc.resolve("self/limits"), """
				Limit                     Soft Limit           Hard Limit           Units
				Max processes             62835                62835                processes
				Max open files            %-20s 1048576              files
				Max locked memory         8388608              8388608              bytes
				""".formatted(soft));
	}

	private PreflightResult check() {
		return new DescriptorCheck(this.proc).check(PlannedLaunch.NONE).get(0);
	}

}
