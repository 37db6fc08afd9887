package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service that cannot be restarted yet: it has a connector that cannot be handed over,
 * or the kernel gives it too little disk space, memory or descriptors. What else a
 * preflight finds is in {@link FailedStartIT}, {@link ReplacedJdkIT} and
 * {@code CollisionIT}.
 */
class PreflightIT {

	private static final Path MEMORY_V1 = Path.of("/sys/fs/cgroup/memory");

	private static final Path MEMORY_V2 = Path.of("/sys/fs/cgroup");

	private static final int DESCRIPTORS = 200;

	private static final long MEBI = 1024 * 1024;

	private Path disk;

	private Path group;

	private boolean mounted;

	private void makeLimits() throws Exception {
		this.disk = Files.createTempDirectory("it-");
		try {
			Commands.run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", this.disk.toString());
			this.mounted = true;
			Path root = Files.isDirectory(MEMORY_V1) ? MEMORY_V1 : MEMORY_V2;
			this.group = Files.createDirectory(root.resolve(this.disk.getFileName().toString()));
			Assumptions.assumeTrue(Files.exists(limit()), "Control groups here have no limit of memory");
		}
		catch (IOException ex) {
			Assumptions.abort("Only root can limit a disk and the memory of a process: " + ex.getMessage());
		}
	}

	@AfterEach
	void removeLimits() throws Exception {
		if (this.group != null) {
			// It is busy until the last process in it has been reaped
			await("the end of the control group").atMost(SampleService.PATIENCE)
				.ignoreExceptions()
				.until(() -> Files.deleteIfExists(this.group));
		}
		if (this.mounted) {
			Commands.run("umount", this.disk.toString());
		}
		if (this.disk != null) {
			Files.delete(this.disk);
		}
	}

	@Test
	void whenAConnectorCannotBeHandedOverThenSaysWhich() throws Exception {
		try (SampleService service = SampleService.named("preflight-connector")
			.args("--spring.profiles.active=nio2-connector")
			.start()) {
			assertRefused(service, "listeners", "connector server-2 uses org.apache.coyote.http11.Http11Nio2Protocol");
		}
	}

	@Test
	void whenThereIsTooLittleThenSaysOfWhatAndThenRestarts() throws Exception {
		makeLimits();
		SampleService.Builder builder = SampleService.named("preflight");
		Path java = java(builder.directory());
		try (SampleService service = builder
			.args("--graceful.restart.control-directory=" + this.disk, "--graceful.restart.keep-jars=false",
					"--graceful.restart.preflight.memory=refuse")
			.process((process) -> process.java(java))
			.start()) {
			String space = "nothing can be written to the directory for the control socket, " + this.disk
					+ " (No space left on device); make space there or name another one with "
					+ "graceful.restart.control-directory";
			assertRefused(service, "control-directory", space);
			assertThat(this.disk).isEmptyDirectory();
			Commands.run("mount", "-o", "remount,size=16m", this.disk.toString());

			limit(usage() + 16 * MEBI);
			assertRefused(service, "memory",
					"are free in the control group " + this.group
							+ ": a second one may be too much, and the kernel may kill either. Raise the limit or free "
							+ "memory, or set graceful.restart.preflight.memory=warn");
			limit(4096 * MEBI);

			HttpAnswer answer = service.post("/actuator/reload?dry-run=true");
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			assertThat(JsonPath.<List<String>>read(answer.text(), "$.checks[?(@.result == 'warning')].check"))
				.containsExactly("descriptors");
			service.restart();
			assertThat(service.process().output())
				.containsPattern("WARN .*Preflight: \\d+ descriptors of at most " + DESCRIPTORS
						+ " \\(ulimit -n\\) are open, and the successor has the same limit: connections may not find "
						+ "room there");
			assertThat(this.disk).isEmptyDirectory();
		}
	}

	/** By endpoint and by signal, and nothing is launched. */
	private static void assertRefused(SampleService service, String check, String reason) throws Exception {
		long pid = service.pid();
		HttpAnswer answer = service.post("/actuator/reload");
		assertThat(answer.status()).as(answer.text()).isEqualTo(422);
		assertThat(JsonPath.<String>read(answer.text(), "$.message")).contains(reason);
		HttpAnswer dryRun = service.post("/actuator/reload?dry-run=true");
		assertThat(JsonPath.<List<String>>read(dryRun.text(), "$.checks[?(@.result == 'refused')].check"))
			.containsExactly(check);
		int before = service.process().output().length();
		service.process().signal(pid, "USR2");
		await("a refusal").atMost(SampleService.PATIENCE)
			.until(() -> service.process().output().substring(before).contains(LogLines.refused("signal USR2")));
		assertThat(service.process().output().substring(before)).doesNotContain(LogLines.LAUNCHED);
		assertThat(service.process().running()).extracting(ProcessHandle::pid).containsExactly(pid);
	}

	/** An executable that starts Java with the limits that its successors inherit. */
	private Path java(Path directory) throws IOException {
		Path script = Files.writeString(directory.resolve("java"),
				"#!/bin/sh\nulimit -n " + DESCRIPTORS + "\necho $$ > " + this.group.resolve("cgroup.procs") + "\nexec "
						+ Path.of(System.getProperty("java.home"), "bin", "java") + " \"$@\"\n");
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
		return script;
	}

	private Path limit() {
		return this.group.resolve(isVersion1() ? "memory.limit_in_bytes" : "memory.max");
	}

	private void limit(long bytes) throws IOException {
		Files.writeString(limit(), String.valueOf(bytes));
	}

	private long usage() throws IOException {
		return Long
			.parseLong(Files.readString(this.group.resolve(isVersion1() ? "memory.usage_in_bytes" : "memory.current"))
				.strip());
	}

	private boolean isVersion1() {
		return this.group.startsWith(MEMORY_V1);
	}

}
