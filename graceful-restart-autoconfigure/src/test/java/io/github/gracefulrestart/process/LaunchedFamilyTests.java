package io.github.gracefulrestart.process;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.posix.ProcessStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real processes, some of which belong to the family.
 */
@Timeout(60)
class LaunchedFamilyTests {

	private final SuccessorFlag flag = new SuccessorFlag(1, Path.of("/run/control"), "token-of-this-test", 2, false,
			SuccessorFlag.Handover.NONE);

	@TempDir
	Path directory;

	private Process launched;

	@AfterEach
	void end() throws Exception {
		for (String name : List.of("jvm", "helper", "application")) {
			if (Files.exists(this.directory.resolve(name))) {
				handle(name).destroyForcibly();
			}
		}
		if (this.launched != null) {
			this.launched.descendants().forEach(ProcessHandle::destroyForcibly);
			this.launched.destroyForcibly();
		}
	}

	@Test
	void whenTheSuccessorHasConnectedThenWhatItHasStartedIsLeftAlone() throws Exception {
		launch("""
				sh -c '(setsid sleep 600 & echo $! > application); echo $$ > jvm; exec sleep 600' &
				sleep 600 &
				echo $! > helper
				wait
				""");
		Awaitility.await().until(() -> exists("jvm") && exists("helper"));
		LaunchedFamily family = new LaunchedFamily(this.launched.toHandle(), this.flag);
		assertThat(family.running(null)).contains(handle("jvm"), handle("helper"), handle("application"));
		SuccessorProcess process = new SuccessorProcess(this.launched, family);
		process.connected(handle("jvm").pid());
		process.terminate(Duration.ofSeconds(20));
		assertThat(ProcessStatus.isRunning(this.launched.pid())).isFalse();
		assertThat(LaunchedFamily.isRunning(handle("application"))).isTrue();
		for (String name : List.of("jvm", "helper")) {
			long pid = Long.parseLong(Files.readString(this.directory.resolve(name)).strip());
			assertThat(ProcessStatus.isRunning(pid)).as(name).isFalse();
		}
	}

	@Test
	void whenANumberBelongsToAnotherProcessThenItsChildrenAreStrangers() throws Exception {
		launch("sleep 600 & echo $! > helper; wait");
		Awaitility.await().until(() -> exists("helper"));
		ProcessHandle other = this.launched.toHandle();
		ProcessHandle gone = (ProcessHandle) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { ProcessHandle.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "isAlive" -> false;
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					default -> method.invoke(other, arguments);
				});
		SuccessorFlag unused = new SuccessorFlag(1, Path.of("/run/control"), "another-token", 2, false,
				SuccessorFlag.Handover.NONE);
		assertThat(new LaunchedFamily(gone, unused).running(null)).isEmpty();
	}

	@Test
	void whenInterruptedThenTheFamilyIsKilledAtOnce() throws Exception {
		launch("trap '' TERM; echo $$ > helper; while :; do sleep 0.1; done");
		Awaitility.await().until(() -> exists("helper"));
		SuccessorProcess process = new SuccessorProcess(this.launched,
				new LaunchedFamily(this.launched.toHandle(), this.flag));
		long start = System.nanoTime();
		Thread.currentThread().interrupt();
		process.terminate(Duration.ofSeconds(20));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		Awaitility.await().until(() -> !process.isAlive());
	}

	private void launch(String script) throws Exception {
		ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).directory(this.directory.toFile());
		builder.environment().put(LaunchContract.TOKEN, this.flag.token());
		this.launched = builder.start();
	}

	private boolean exists(String name) throws Exception {
		Path file = this.directory.resolve(name);
		return Files.exists(file) && !Files.readString(file).isBlank();
	}

	private ProcessHandle handle(String name) throws Exception {
		long pid = Long.parseLong(Files.readString(this.directory.resolve(name)).strip());
		return ProcessHandle.of(pid).orElse(this.launched.toHandle());
	}

}
