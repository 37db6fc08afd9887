package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Execution(ExecutionMode.CONCURRENT)
class ServerProcessTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration SOON = Duration.ofMillis(100);

	@TempDir
	private Path directory;

	private ServerProcessBuilder shell(String script) {
		return ServerProcess.command("sh", "-c", script).output(this.directory.resolve("output.log"));
	}

	private ServerProcessBuilder server(int port) {
		return ServerProcess.main(SelfReplacingServer.class)
			.args(Integer.toString(port))
			.output(this.directory.resolve("output.log"));
	}

	private static int freePort() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return listener.getLocalPort();
		}
	}

	@Test
	void followsASuccessorAndEndsItAtTheEnd() throws IOException {
		int port = freePort();
		long successor;
		try (ServerProcess server = server(port).start().awaitReady(port, "/hello", PATIENCE)) {
			long first = server.currentPid();
			assertThat(first).isEqualTo(server.pid());
			RawHttp.fetch(port, "/replace");
			successor = server.awaitNewPid(first, PATIENCE);
			server.awaitExit(first, PATIENCE);
			assertThat(server.awaitExitCode(PATIENCE)).isEqualTo(7);
			assertThat(server.running()).extracting(ProcessHandle::pid).containsExactly(successor);
			server.awaitOutput("pid " + successor + " serves", PATIENCE);
			assertThat(server.tail(1)).isEqualTo("pid " + successor + " serves");
		}
		assertThat(ProcFs.isRunning(successor)).isFalse();
	}

	@Test
	void whenServerEndsBeforeItIsReadyThenFailsAtOnceWithItsOutput() throws IOException {
		try (ServerProcess server = shell("echo no such configuration; exit 3").start()) {
			int port = freePort();
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> server.awaitReady(port, "/hello", Duration.ofHours(1)))
				.withMessageContaining("no such configuration");
			assertThat(server.awaitExitCode(PATIENCE)).isEqualTo(3);
		}
	}

	@Test
	void endsProcessesThatHaveLeftItsTree() {
		List<ProcessHandle> all;
		try (ServerProcess server = shell("setsid sleep 300 & setsid sh -c 'sleep 300 & wait' & echo started; exit 0")
			.start()) {
			server.awaitOutput("started", PATIENCE);
			server.awaitExitCode(PATIENCE);
			Poll.until(PATIENCE, () -> server.running().size() == 3);
			all = server.running();
			assertThat(all).hasSize(3);
		}
		assertThat(all).noneMatch((process) -> ProcFs.isRunning(process.pid()));
	}

	@Test
	void killsWhatDoesNotWantToEnd() {
		long pid;
		try (ServerProcess server = shell("trap '' TERM; echo stubborn; while :; do sleep 1; done").start()) {
			server.awaitOutput("stubborn", PATIENCE);
			pid = server.pid();
		}
		assertThat(ProcFs.isRunning(pid)).isFalse();
	}

	@Test
	void passesSignalsEnvironmentAndDirectory() throws IOException {
		try (ServerProcess server = shell("trap 'echo got it' USR2; pwd; echo $COLOUR; while :; do sleep 0.05; done")
			.environment("COLOUR", "green")
			.directory(this.directory.toRealPath())
			.start()) {
			server.awaitOutput("green", PATIENCE);
			server.awaitOutput(this.directory.toRealPath().toString(), PATIENCE);
			server.signal("USR2");
			server.awaitOutput("got it", PATIENCE);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> server.awaitExit(server.pid(), SOON))
				.withMessageContaining("got it");
		}
	}

	@Test
	void aZombieHasEnded() throws IOException {
		// the shell becomes a program that does not know of its child
		try (ServerProcess server = shell("sleep 0.1 & echo child $!; exec sleep 300").start()) {
			server.awaitOutput("child", PATIENCE);
			long child = Long.parseLong(server.tail(1).substring("child ".length()));
			server.awaitExit(child, PATIENCE);
			assertThat(ProcFs.isZombie(child)).isTrue();
			assertThat(ProcFs.zombiesOf(server.pid())).containsExactly(child);
			assertThat(server.running()).extracting(ProcessHandle::pid).containsExactly(server.pid());
		}
	}

	@Test
	void doesNotTouchAServingProcessThatIsOlder() throws IOException {
		ProcessFamily family = new ProcessFamily();
		Process process = new ProcessBuilder("sleep", "300").start();
		family.add(process.toHandle());
		family.addServing(ProcessHandle.current().pid());
		family.addServing(1);
		assertThat(family.running()).containsExactly(process.toHandle());
		assertThat(family.end()).isEmpty();
		assertThat(process.isAlive()).isFalse();
	}

}
