package io.github.gracefulrestart.preflight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.gracefulrestart.PreflightResult;
import io.github.gracefulrestart.PreflightResult.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With trees such as the kernel shows them, and with the one that it shows here.
 */
class MemoryCheckTests {

	private static final long MEBI = 1024 * 1024;

	@TempDir
	Path directory;

	private Path proc;

	private Path cgroup;

	@BeforeEach
	void machine() {
		this.proc = this.directory.resolve("proc");
		this.cgroup = this.directory.resolve("cgroup");
		write("proc/meminfo", "MemTotal:       16000000 kB\nMemAvailable:    4194304 kB\nSwapFree: 0 kB\n");
		write("proc/self/status", "Name:\tjava\nVmRSS:\t  307200 kB\nThreads:\t20\n");
	}

	@Test
	void whenMachineHasEnoughThenPasses() {
		assertThat(check(MemoryRule.WARN)).isEqualTo(
				PreflightResult.passed("memory", "this process uses 300 MiB, and 4096 MiB are free in the machine"));
	}

	@Test
	void whenMachineHasTooLittleThenTheRuleDecides() {
		write("proc/meminfo", "MemAvailable: 204800 kB\n");
		PreflightResult warning = check(MemoryRule.WARN);
		assertThat(warning.verdict()).isEqualTo(Verdict.WARNING);
		assertThat(warning.message())
			.isEqualTo("this process uses 300 MiB, and 200 MiB are free in the machine: a second "
					+ "one may be too much, and the kernel may kill either. Raise the limit or free memory");
		PreflightResult refusal = check(MemoryRule.REFUSE);
		assertThat(refusal.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(refusal.message()).endsWith(", or set graceful.restart.preflight.memory=warn");
		assertThat(check(MemoryRule.OFF).verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenGroupOfVersionTwoHasALimitThenItCounts() {
		write("proc/self/cgroup", "0::/system.slice/app.service\n");
		group("system.slice/app.service", "536870912", 300 * MEBI, "inactive_file " + 63 * MEBI);
		assertThat(check(MemoryRule.WARN).verdict()).isEqualTo(Verdict.WARNING);
		assertThat(check(MemoryRule.WARN).message())
			.contains("and 275 MiB are free in the control group " + this.cgroup.resolve("system.slice/app.service"));
		// Pages of files can be taken back
		group("system.slice/app.service", "536870912", 300 * MEBI, "anon 1\ninactive_file " + 88 * MEBI);
		assertThat(check(MemoryRule.WARN).message()).contains("and 300 MiB are free");
		assertThat(check(MemoryRule.WARN).verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenAGroupAroundHasLessThenItCounts() {
		write("proc/self/cgroup", "0::/kubepods/pod1/container\n");
		group("kubepods/pod1/container", "max", 300 * MEBI, "inactive_file 0");
		group("kubepods/pod1", String.valueOf(500 * MEBI), 400 * MEBI, "inactive_file 0");
		group("kubepods", String.valueOf(5000 * MEBI), 400 * MEBI, "inactive_file 0");
		assertThat(check(MemoryRule.REFUSE).message())
			.contains("and 100 MiB are free in the control group " + this.cgroup.resolve("kubepods/pod1") + ":");
	}

	@Test
	void whenContainerSeesOnlyItsOwnGroupThenThatCounts() {
		write("proc/self/cgroup", "0::/../../docker/0123\n");
		group("", String.valueOf(400 * MEBI), 350 * MEBI, "inactive_file 0");
		assertThat(check(MemoryRule.WARN).message())
			.contains("and 50 MiB are free in the control group " + this.cgroup);
	}

	@Test
	void whenGroupOfVersionOneHasALimitThenItCounts() {
		write("proc/self/cgroup", "12:pids:/docker/0123\n4:cpu,memory:/docker/0123\n0::/\n");
		write("cgroup/memory/memory.limit_in_bytes", String.valueOf(400 * MEBI));
		write("cgroup/memory/memory.usage_in_bytes", String.valueOf(390 * MEBI));
		write("cgroup/memory/memory.stat", "cache 1\ntotal_inactive_file " + 40 * MEBI + "\n");
		assertThat(check(MemoryRule.WARN).message())
			.contains("and 50 MiB are free in the control group " + this.cgroup.resolve("memory"));
		write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
		assertThat(check(MemoryRule.WARN).message()).contains("free in the machine");
	}

	@Test
	void whenOneKillEndsTheWholeGroupThenAutoRefuses() {
		write("proc/self/cgroup", "0::/kubepods/pod1/container\n");
		group("kubepods/pod1/container", String.valueOf(400 * MEBI), 350 * MEBI, "inactive_file 0");
		assertThat(check(MemoryRule.AUTO).verdict()).isEqualTo(Verdict.WARNING);
		write("cgroup/kubepods/pod1/container/memory.oom.group", "0\n");
		assertThat(check(MemoryRule.AUTO).verdict()).isEqualTo(Verdict.WARNING);
		write("cgroup/kubepods/pod1/container/memory.oom.group", "1\n");
		PreflightResult refusal = check(MemoryRule.AUTO);
		assertThat(refusal.verdict()).isEqualTo(Verdict.REFUSED);
		assertThat(refusal.message()).contains("all processes of the control group together (memory.oom.group=1)");
		assertThat(check(MemoryRule.WARN).verdict()).isEqualTo(Verdict.WARNING);
		group("kubepods/pod1/container", String.valueOf(800 * MEBI), 350 * MEBI, "inactive_file 0");
		assertThat(check(MemoryRule.AUTO).verdict()).isEqualTo(Verdict.PASSED);
	}

	@Test
	void whenKernelSaysNothingThenIsSaid() throws IOException {
		Files.delete(this.proc.resolve("meminfo"));
		assertThat(check(MemoryRule.REFUSE).verdict()).isEqualTo(Verdict.WARNING);
	}

	@Test
	void hereItIsKnown() {
		List<PreflightResult> results = new MemoryCheck(Path.of("/proc"), Path.of("/sys/fs/cgroup"), MemoryRule.WARN)
			.check(PlannedLaunch.NONE);
		assertThat(results).singleElement()
			.extracting(PreflightResult::message)
			.asString()
			.matches("this process uses [1-9]\\d* MiB, and \\d+ MiB are free in .*");
	}

	private PreflightResult check(MemoryRule rule) {
		return new MemoryCheck(this.proc, this.cgroup, rule).check(PlannedLaunch.NONE).get(0);
	}

	private void group(String path, String limit, long usage, String stat) {
		write("cgroup/" + path + "/memory.max", limit + "\n");
		write("cgroup/" + path + "/memory.current", usage + "\n");
		write("cgroup/" + path + "/memory.stat", stat + "\n");
	}

	private void write(String name, String content) {
		try {
			Path file = this.directory.resolve(name);
			Files.createDirectories(file.getParent());
			Files.writeString(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
