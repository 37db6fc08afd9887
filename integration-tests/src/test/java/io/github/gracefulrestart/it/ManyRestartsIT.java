package io.github.gracefulrestart.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.Poll;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nothing piles up from generation to generation.
 */
class ManyRestartsIT {

	/**
	 * For how long nothing must change before a process counts as settled: it has just
	 * answered requests and seen its predecessor leave.
	 */
	private static final Duration SETTLED = Duration.ofSeconds(2);

	@Test
	void whenRestartedThenEachGenerationIsLikeTheSecond() throws RequestFailedException {
		restart("several", 4);
	}

	@Test
	@Tag("exhaustive")
	void whenRestartedTenTimesThenEachGenerationIsLikeTheSecond() throws RequestFailedException {
		restart("many", 10);
	}

	private static void restart(String name, int restarts) throws RequestFailedException {
		try (SampleService service = SampleService.named(name)
			// the JVM adds and removes compiler threads as it likes
			.jvmArgs("-XX:-UseDynamicNumberOfCompilerThreads")
			.start()) {
			long sockets = Footprint.settled(service.pid()).sockets();
			SampleService.Restart restart = service.restart();
			Footprint second = Footprint.settled(restart.successor());
			assertThat(second.zombies()).isEmpty();
			// The listeners that it had from its launch are not there twice
			assertThat(second.sockets()).isEqualTo(sockets);
			List<String> commandLine = ProcFs.commandLine(restart.successor());
			int environment = ProcFs.environment(restart.successor()).size();
			List<String> temporary = temporaryFiles(service);
			for (int i = 2; i <= restarts; i++) {
				restart = service.awaitPredecessorGone(service.handOver((i % 2 == 0) ? "HUP" : "USR2"));
				long pid = restart.successor();
				await().atMost(SampleService.PATIENCE)
					.untilAsserted(() -> assertThat(Footprint.of(pid)).isEqualTo(second));
				assertThat(ProcFs.commandLine(pid)).isEqualTo(commandLine);
				assertThat(ProcFs.environment(pid)).hasSize(environment);
				assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(pid);
			}
			assertThat(service.get("/hello").text()).endsWith("generation=" + (restarts + 1));
			// What the framework has put there has gone with each process, too
			assertThat(temporaryFiles(service)).isEqualTo(temporary);
			// All its predecessors are gone, and what it writes still arrives
			int length = service.process().output().length();
			service.restart();
			assertThat(service.process().output().substring(length))
				.contains("requested by signal USR2: launched successor");
		}
	}

	/**
	 * Return what is in the directory for temporary files, numbers left out.
	 */
	private static List<String> temporaryFiles(SampleService service) {
		return FileTree.list(service.temporaryDirectory())
			.stream()
			.map((file) -> file.toString().replaceAll("\\d+", "#"))
			.sorted()
			.toList();
	}

	/**
	 * The resources of a process.
	 *
	 * @param descriptors how many descriptors are open on what
	 * @param threads how many threads there are by name, numbers left out
	 * @param zombies the children that were not reaped
	 */
	private record Footprint(Map<String, Long> descriptors, Map<String, Long> threads, List<Long> zombies) {

		static Footprint of(long pid) {
			return new Footprint(count(ProcFs.descriptors(pid).values().stream()), count(ProcFs.threads(pid).stream()),
					ProcFs.zombiesOf(pid));
		}

		static Footprint settled(long pid) {
			return Poll.settled(() -> of(pid), SETTLED, SampleService.PATIENCE);
		}

		long sockets() {
			return this.descriptors.getOrDefault("socket:[#]", 0L);
		}

		private static Map<String, Long> count(Stream<String> names) {
			return names.map((name) -> name.replaceAll("\\d+", "#"))
				.collect(Collectors.groupingBy((name) -> name, TreeMap::new, Collectors.counting()));
		}

	}

}
