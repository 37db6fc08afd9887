package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two generations in a control group whose memory holds only one, and the kernel, which
 * decides which of them it kills. That load notices when nobody serves is shown in
 * {@code LoadIT}.
 */
class OomScoreIT {

	private static final long MEBI = 1024 * 1024;

	/** Far less than a JVM needs to start. */
	private static final long SPARE = 40 * MEBI;

	@Test
	void whenMemoryRunsOutThenTheKernelKillsTheSuccessor() throws Exception {
		Path group = createGroup();
		try (SampleService service = SampleService.named("oom-score")
			.args("--graceful.restart.probation=5m")
			.process((process) -> process.launcher((command) -> in(group, command)))
			.start()) {
			restart(service);
			long serving = service.pid();
			try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 2).rate(20))) {
				limit(group);
				service.beginRestart();
				service.process().awaitOutput(LogLines.FAILED, SampleService.PATIENCE);
				assertThat(service.process().output()).contains("exited with code 137");
				assertThat(counted(group, "memory.oom_control", "oom_kill")).isPositive();
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isZero();
				assertThat(service.pid()).isEqualTo(serving);
				assertThat(score(serving)).isZero();
			}
		}
		finally {
			await("the end of all").atMost(SampleService.PATIENCE)
				.until(() -> Files.readString(group.resolve("cgroup.procs")).isBlank());
			Files.delete(group);
		}
	}

	private static void restart(SampleService service) throws Exception {
		SampleService.Pending pending = service.beginRestart();
		await("a successor").atMost(SampleService.PATIENCE).until(() -> scores(service).equals(List.of(0, 1000)));
		SampleService.Restart restart = pending.awaitHandover();
		await("the change").atMost(SampleService.PATIENCE)
			.until(() -> score(restart.predecessor()) == 1000 && score(restart.successor()) == 0);
		// The probation of this one need not last
		service.process().signal(restart.predecessor(), "KILL");
		service.process().awaitExit(restart.predecessor(), SampleService.PATIENCE);
		service.process().awaitOutput("serves alone", SampleService.PATIENCE);
	}

	private static List<Integer> scores(SampleService service) throws IOException {
		List<Integer> scores = new ArrayList<>();
		for (ProcessHandle process : service.process().running()) {
			scores.add(score(process.pid()));
		}
		return scores.stream().sorted().toList();
	}

	private static int score(long pid) throws IOException {
		return Integer.parseInt(Files.readString(Path.of("/proc", Long.toString(pid), "oom_score_adj")).strip());
	}

	/**
	 * Of version 1, of which this machine may have the controller.
	 */
	private static Path createGroup() throws IOException {
		Path root = Path.of("/sys/fs/cgroup/memory");
		Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "Only root can make control groups");
		Assumptions.assumeTrue(Files.exists(root.resolve("memory.limit_in_bytes")),
				"There is no controller of memory in version 1");
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/cgroup"))) {
			String own = lines.filter((line) -> line.contains(":memory:")).findFirst().orElse(":memory:/");
			String path = own.substring(own.indexOf(":memory:/") + ":memory:/".length());
			Path parent = Files.isDirectory(root.resolve(path)) ? root.resolve(path) : root;
			return Files.createDirectory(parent.resolve("graceful-restart-" + ProcessHandle.current().pid()));
		}
	}

	private static List<String> in(Path group, List<String> command) {
		List<String> line = new ArrayList<>(
				List.of("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$0\" \"$@\""));
		line.addAll(command);
		return line;
	}

	private static void limit(Path group) throws IOException {
		long needed = counted(group, "memory.stat", "total_rss");
		Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(needed + SPARE));
	}

	private static long counted(Path group, String file, String name) throws IOException {
		try (Stream<String> lines = Files.lines(group.resolve(file))) {
			return lines.filter((line) -> line.startsWith(name + " "))
				.mapToLong((line) -> Long.parseLong(line.substring(name.length() + 1)))
				.findFirst()
				.orElseThrow();
		}
	}

}
