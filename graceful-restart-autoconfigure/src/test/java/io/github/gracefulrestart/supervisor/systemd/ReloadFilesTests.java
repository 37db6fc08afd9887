package io.github.gracefulrestart.supervisor.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command, run by a real shell for a process that is not there to restart: it notes
 * the signal in a file.
 */
@Timeout(60)
class ReloadFilesTests {

	@TempDir
	private Path directory;

	private final List<Process> started = new ArrayList<>();

	private ReloadFiles files;

	@BeforeEach
	void writeCommand() throws IOException {
		this.files = new ReloadFiles(this.directory, "HUP");
		this.files.writeCommand();
	}

	@AfterEach
	void end() {
		this.started.forEach(Process::destroyForcibly);
	}

	@Test
	void whenTheMainProcessExitsThenTheReloadHasSucceeded() throws Exception {
		Process service = service("exit 0");
		Process reload = reload(service);
		assertThat(reload.waitFor()).isZero();
		assertThat(service.waitFor()).isZero();
	}

	@Test
	void whenTheOutcomeIsWrittenThenTheReloadFailsWithTheReason() throws Exception {
		this.files.writeOutcome("failed", "of before");
		Process service = service("echo > signalled");
		Process reload = reload(service);
		while (Files.notExists(this.directory.resolve("signalled"))) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
		assertThat(reload.isAlive()).isTrue();
		this.files.writeOutcome("refused", "there is\nno completed jar");
		assertThat(reload.waitFor()).isOne();
		assertThat(new String(reload.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip())
			.isEqualTo("refused there is no completed jar");
		assertThat(service.isAlive()).isTrue();
		service.destroy();
	}

	@Test
	void whenTheRestartHasCompletedThenTheReloadWaitsForTheMainProcess() throws Exception {
		Process service = service("echo > signalled");
		Process reload = reload(service);
		this.files.writeOutcome("completed", "generation 2 serves");
		assertThat(reload.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
		service.destroy();
		service.waitFor();
		assertThat(reload.waitFor()).isZero();
	}

	@Test
	void whenThereIsNoProcessThenTheReloadFails() throws Exception {
		Process service = service("exit 0");
		service.destroy();
		service.waitFor();
		assertThat(reload(service).waitFor()).isOne();
	}

	private Process service(String whenSignalled) throws IOException {
		// A shell that ignores a signal from its beginning cannot handle it
		Process process = OrdinaryProcess
			.builder("sh", "-c", "trap '" + whenSignalled + "' HUP; echo ready; while :; do sleep 0.02; done")
			.directory(this.directory.toFile())
			.start();
		this.started.add(process);
		assertThat(process.inputReader().readLine()).isEqualTo("ready");
		return process;
	}

	private Process reload(Process service) throws IOException {
		ProcessBuilder builder = new ProcessBuilder("sh", this.directory.resolve("reload").toString());
		builder.environment().put("MAINPID", Long.toString(service.pid()));
		Process process = builder.start();
		this.started.add(process);
		return process;
	}

}
