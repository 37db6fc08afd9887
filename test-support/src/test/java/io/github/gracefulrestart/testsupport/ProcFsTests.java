package io.github.gracefulrestart.testsupport;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcFsTests {

	private static final long NOBODY = 99_999_999;

	private final long self = ProcessHandle.current().pid();

	@Test
	void readsWhatThisProcessUses() {
		assertThat(ProcFs.threads(this.self)).hasSizeGreaterThan(5).contains("GC Thread#0");
		assertThat(ProcFs.rssKiB(this.self)).isBetween(10_000L, 10_000_000L);
		assertThat(ProcFs.cpuMillis(this.self)).isPositive();
		assertThat(ProcFs.startTime(this.self)).isPositive();
		assertThat(ProcFs.parent(this.self))
			.isEqualTo(ProcessHandle.current().parent().map(ProcessHandle::pid).orElseThrow());
		assertThat(ProcFs.commandLine(this.self).get(0)).endsWith("java");
		assertThat(ProcFs.environment(this.self)).contains("PATH=" + System.getenv("PATH"));
		assertThat(ProcFs.isRunning(this.self)).isTrue();
		assertThat(ProcFs.isZombie(this.self)).isFalse();
	}

	@Test
	void countsSockets() throws IOException {
		long before = ProcFs.sockets(this.self);
		try (ServerSocket socket = new ServerSocket(0)) {
			assertThat(socket.isBound()).isTrue();
			assertThat(ProcFs.sockets(this.self)).isEqualTo(before + 1);
			assertThat(ProcFs.descriptors(this.self)).containsKeys(0, 1, 2);
		}
	}

	@Test
	void whenEveryThreadIsStoppedThenTheProcessIs() throws Exception {
		Process process = new ProcessBuilder("sleep", "60").start();
		try {
			assertThat(ProcFs.isStopped(process.pid())).isFalse();
			new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
			assertThat(Poll.until(Duration.ofSeconds(30), () -> ProcFs.isStopped(process.pid()))).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(ProcFs.isStopped(NOBODY)).isFalse();
	}

	@Test
	void whenThereIsNoSuchProcessThenThereIsNothingToRead() {
		assertThat(ProcFs.threads(NOBODY)).isEmpty();
		assertThat(ProcFs.rssKiB(NOBODY)).isEqualTo(-1);
		assertThat(ProcFs.cpuMillis(NOBODY)).isEqualTo(-1);
		assertThat(ProcFs.descriptors(NOBODY)).isEmpty();
		assertThat(ProcFs.environment(NOBODY)).isEmpty();
		assertThat(ProcFs.isRunning(NOBODY)).isFalse();
		assertThat(ProcFs.isOurs(NOBODY)).isFalse();
	}

}
