package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A process started without the JDK's help is like one that was started with it.
 */
class SpawnedProcessTests {

	/**
	 * What a process has: descriptors, signals that are blocked or ignored, directory.
	 * The shell reads by itself, because it blocks signals while it starts a program.
	 */
	private static final String DESCRIBE = "readlink /proc/$$/cwd; cd /proc/self/fd && for f in *; do "
			+ "readlink \"$f\" > /dev/null && echo fd \"$f\"; done; "
			+ "while read name value; do case $name in SigBlk:|SigIgn:) echo $name $value;; esac; "
			+ "done < /proc/$$/status; echo to error >&2";

	@TempDir
	Path directory;

	@Test
	void processIsLikeOneOfTheJdk() throws Exception {
		try (ServerSocket leak = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Process expected = new ProcessBuilder("/bin/sh", "-c", DESCRIBE).directory(this.directory.toFile())
				.redirectInput(ProcessBuilder.Redirect.INHERIT)
				.start();
			String expectedOutput = output(expected);
			assertThat(expectedOutput).contains("fd 0\nfd 1\nfd 2\n", "SigBlk: 0000000000000000");
			Process process = start(SpawnedProcess::closeTheOthers);
			assertThat(output(process)).isEqualTo(expectedOutput);
			assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
				.isEqualTo("to error\n");
			assertThat(output(start(SpawnedProcess::closeOneByOne))).isEqualTo(expectedOutput);
			assertThat(leak.isBound()).isTrue();
		}
	}

	private Process start(SpawnedProcess.Closing closing) throws IOException {
		return SpawnedProcess.start(bytes("/bin/sh", "-c", DESCRIBE), bytes("PATH=" + System.getenv("PATH")),
				this.directory, closing);
	}

	@Test
	void argumentsAndEnvironmentAreBytes() throws Exception {
		byte[] odd = { (byte) 0xff, 'a', '\'', '\n', (byte) 0xc3 };
		Files.writeString(this.directory.resolve("show"), "printf '%s.' \"$@\" \"$ODD\"");
		byte[] variable = new byte[odd.length + 4];
		System.arraycopy("ODD=".getBytes(StandardCharsets.US_ASCII), 0, variable, 0, 4);
		System.arraycopy(odd, 0, variable, 4, odd.length);
		Process process = SpawnedProcess.start(List.of("sh".getBytes(StandardCharsets.US_ASCII),
				"show".getBytes(StandardCharsets.US_ASCII), odd, new byte[0]), List.of(variable), this.directory);
		byte[] output = process.getInputStream().readAllBytes();
		assertThat(new String(output, StandardCharsets.ISO_8859_1))
			.isEqualTo(new String(odd, StandardCharsets.ISO_8859_1) + ".."
					+ new String(odd, StandardCharsets.ISO_8859_1) + ".");
	}

	@Test
	void endIsToldAndNoZombieIsLeft() throws Exception {
		Process process = shell("exit 3");
		assertThat(process.onExit().get(10, TimeUnit.SECONDS).exitValue()).isEqualTo(3);
		assertThat(process.isAlive()).isFalse();
		assertThat(process.waitFor()).isEqualTo(3);
		assertThat(Path.of("/proc/" + process.pid())).doesNotExist();
	}

	@Test
	void signalsEndIt() throws Exception {
		Process process = shell("exec sleep 60");
		assertThat(process.isAlive()).isTrue();
		assertThat(process.toHandle().isAlive()).isTrue();
		assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
		assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(process::exitValue);
		process.destroy();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isEqualTo(128 + 15);
		Process stubborn = shell("trap '' TERM; echo ready; while :; do sleep 0.1; done");
		assertThat(stubborn.getInputStream().read()).isEqualTo('r');
		stubborn.destroy();
		assertThat(stubborn.destroyForcibly().waitFor()).isEqualTo(128 + 9);
	}

	@Test
	void whenItCannotBeStartedThenSaysWhyAndLeavesNothingOpen() throws Exception {
		Set<String> before = pipes();
		assertThatExceptionOfType(PosixException.class)
			.isThrownBy(() -> SpawnedProcess.start(bytes("/nowhere/java"), bytes(), this.directory))
			.withMessage("posix_spawnp(/nowhere/java) failed with ENOENT (2): No such file or directory");
		assertThatExceptionOfType(PosixException.class)
			.isThrownBy(() -> SpawnedProcess.start(bytes("/bin/sh"), bytes(), this.directory.resolve("gone")))
			.withMessageContaining("ENOENT");
		// Those of other tests may be closed meanwhile
		assertThat(before).containsAll(pipes());
	}

	private static Set<String> pipes() throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.map((path) -> Descriptors.target(Integer.parseInt(path.getFileName().toString())))
				.filter((target) -> target.startsWith("pipe:"))
				.collect(Collectors.toSet());
		}
	}

	private Process shell(String script) throws IOException {
		return SpawnedProcess.start(bytes("/bin/sh", "-c", script), bytes("PATH=" + System.getenv("PATH")),
				this.directory);
	}

	private static String output(Process process) throws IOException {
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static List<byte[]> bytes(String... texts) {
		return Stream.of(texts).map((text) -> text.getBytes(StandardCharsets.UTF_8)).toList();
	}

}
