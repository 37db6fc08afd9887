package io.github.gracefulrestart.posix;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A process started without the JDK's help is like one that was started with it, and has
 * more descriptors.
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

	private static final LibSpawn SYSTEM = LibraryLoader.create(LibSpawn.class).load("c");

	private static final PassedDescriptors NOTHING = new PassedDescriptors(List.of(), List.of(), "ticket");

	private static final SignalShield NO_SHIELD = (up) -> {
	};

	@TempDir
	Path directory;

	@Test
	void processIsLikeOneOfTheJdkButForWhatItIsPassed() throws Exception {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			Process expected = new ProcessBuilder("/bin/sh", "-c", DESCRIBE).directory(this.directory.toFile())
				.redirectInput(ProcessBuilder.Redirect.INHERIT)
				.start();
			String expectedOutput = output(expected);
			assertThat(expectedOutput).contains("fd 0\nfd 1\nfd 2\n", "SigBlk: 0000000000000000");
			String piped = expectedOutput.replace("fd 2\n", "fd 10\nfd 11\nfd 12\nfd 13\nfd 14\nfd 2\n");
			Process process = start(List.of(), SYSTEM);
			assertThat(output(process)).isEqualTo(piped);
			assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
				.isEqualTo("to error\n");
			int number = Descriptors.ofListening(listener.getLocalAddress());
			String passed = piped.replace("fd 14\n", "fd 14\nfd 15\nfd 16\n");
			assertThat(output(start(List.of(number, number), SYSTEM))).isEqualTo(passed);
			assertThat(output(start(List.of(number, number), without("closefrom", "chdir")))).isEqualTo(passed);
		}
	}

	@Test
	void knowsWhatItsParentWritesToAndWhatItIsPassed() throws Exception {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			int number = Descriptors.ofListening(listener.getLocalAddress());
			Process process = start(
					"for f in 1 2 10 11 12 13 15; do readlink /proc/$$/fd/$f; done; cat /proc/self/fd/14; echo; "
							+ "cat /proc/self/fd/14; echo $GRACEFUL_RESTART_DESCRIPTORS; readlink /proc/$$/fd/14",
					new PassedDescriptors(List.of(), List.of(number), "ticket"));
			List<String> targets = output(process).lines().toList();
			assertThat(targets).hasSize(10);
			assertThat(targets.get(0)).startsWith("pipe:").isEqualTo(targets.get(4));
			assertThat(targets.get(1)).startsWith("pipe:").isEqualTo(targets.get(5)).isNotEqualTo(targets.get(0));
			assertThat(targets.get(2)).isEqualTo(Descriptors.target(1));
			assertThat(targets.get(3)).isEqualTo(Descriptors.target(2));
			assertThat(targets.get(6)).isEqualTo(Descriptors.target(number));
			// Once
			assertThat(targets.get(7)).isEqualTo("ticket");
			assertThat(targets.get(8)).isEqualTo("10 " + targets.get(9) + " " + targets.get(0) + " " + targets.get(1));
		}
	}

	@Test
	void whatItsParentHasInheritedKeepsItsNumber() throws Exception {
		Path file = Files.writeString(this.directory.resolve("lock"), "held");
		try (Descriptor three = Descriptor.duplicate(0, 300); FileChannel channel = FileChannel.open(file)) {
			assertThat(channel.isOpen()).isTrue();
			Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
			int number = OpenFiles.readers().getOrDefault(key, List.of()).get(0);
			try (Descriptor twelve = Descriptor.duplicate(number, 312)) {
				Process process = start(
						"readlink /proc/$$/fd/" + three.number() + "; cat /proc/self/fd/" + twelve.number()
								+ "; ls /proc/$$/fd | sort -n | tr '\n' ' '; echo $GRACEFUL_RESTART_DESCRIPTORS",
						new PassedDescriptors(List.of(three.number(), twelve.number()), List.of(number), "ticket"));
				assertThat(output(process)).startsWith(Descriptors.target(0) + "\nheld0 1 2 10 11 12 13 14 15 "
						+ three.number() + " " + twelve.number() + " 10 pipe:[");
			}
		}
	}

	@Test
	void whenNumbersAreTakenThenItsOwnBeginBehindThem() {
		assertThat(ChildDescriptors.beside(List.of(), 3, List.of("a", "b", "c")).describe()).isEqualTo("10 a b c");
		assertThat(ChildDescriptors.beside(List.of(3, 9), 3, List.of("a", "b", "c")).describe()).isEqualTo("10 a b c");
		assertThat(ChildDescriptors.beside(List.of(12, 30), 3, List.of("a", "b", "c")).describe())
			.isEqualTo("13 a b c");
		assertThat(ChildDescriptors.beside(List.of(12, 17), 3, List.of("a", "b", "c")).describe())
			.isEqualTo("18 a b c");
		assertThat(ChildDescriptors.parse("18 a b c")).extracting(ChildDescriptors::describe).isEqualTo("18 a b c");
		assertThat(ChildDescriptors.parse("18 a b c more")).extracting(ChildDescriptors::describe)
			.isEqualTo("18 a b c");
		assertThat(ChildDescriptors.parse("18 a")).isNull();
		assertThat(ChildDescriptors.parse("x a b c")).isNull();
		assertThat(ChildDescriptors.parse(null)).isNull();
	}

	@Test
	void whenDescriptorsRunOutInTheMiddleThenNothingIsLeftOpen() throws Exception {
		Set<String> before = pipes();
		int[] calls = new int[1];
		// The second of the three pipes cannot be made
		LibSpawn lib = (LibSpawn) Proxy.newProxyInstance(LibSpawn.class.getClassLoader(),
				new Class<?>[] { LibSpawn.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("pipe2") && ++calls[0] == 2) {
						((int[]) arguments[0])[0] = Integer.MAX_VALUE;
						((int[]) arguments[0])[1] = Integer.MAX_VALUE;
						return 0;
					}
					return method.invoke(SYSTEM, arguments);
				});
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> start(List.of(), lib))
			.withMessageContaining("F_DUPFD");
		assertThat(before).containsAll(pipes());
	}

	@Test
	void whenSignalsAreShieldedThenOnlyForTheCall() throws Exception {
		List<Boolean> moments = new ArrayList<>();
		new Spawn(moments::add, SYSTEM).start(program("/bin/true"), bytes(), this.directory, NOTHING).waitFor();
		assertThat(moments).containsExactly(true, false);
	}

	private Process start(List<Integer> sockets, LibSpawn lib) throws IOException {
		return new Spawn(NO_SHIELD, lib).start(program("/bin/sh", "-c", DESCRIBE),
				bytes("PATH=" + System.getenv("PATH")), this.directory,
				new PassedDescriptors(List.of(), sockets, "ticket"));
	}

	private Process start(String script, PassedDescriptors passed) throws IOException {
		return SpawnedProcess.start(program("/bin/sh", "-c", script), bytes("PATH=" + System.getenv("PATH")),
				this.directory, passed, NO_SHIELD);
	}

	private static Program program(String... line) {
		return new Program(Path.of(line[0]), bytes(line));
	}

	/**
	 * Return the C library as it is where some functions are missing.
	 */
	private static LibSpawn without(String... parts) {
		return (LibSpawn) Proxy.newProxyInstance(LibSpawn.class.getClassLoader(), new Class<?>[] { LibSpawn.class },
				(proxy, method, arguments) -> {
					if (Stream.of(parts).anyMatch(method.getName()::contains)) {
						throw new UnsatisfiedLinkError(method.getName());
					}
					return method.invoke(SYSTEM, arguments);
				});
	}

	@Test
	void argumentsAndEnvironmentAreBytes() throws Exception {
		byte[] odd = new byte[255];
		for (int i = 0; i < odd.length; i++) {
			odd[i] = (byte) (i + 1);
		}
		Files.writeString(this.directory.resolve("show"), "printf '%s.' \"$@\" \"$ODD\"");
		byte[] variable = new byte[odd.length + 4];
		System.arraycopy("ODD=".getBytes(StandardCharsets.US_ASCII), 0, variable, 0, 4);
		System.arraycopy(odd, 0, variable, 4, odd.length);
		List<byte[]> line = List.of("other name".getBytes(StandardCharsets.US_ASCII),
				"show".getBytes(StandardCharsets.US_ASCII), odd, new byte[0]);
		Process process = SpawnedProcess.start(new Program(Path.of("/bin/sh"), line), List.of(variable), this.directory,
				NOTHING, NO_SHIELD);
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
			.isThrownBy(
					() -> SpawnedProcess.start(program("/nowhere/java"), bytes(), this.directory, NOTHING, NO_SHIELD))
			.withMessage("posix_spawnp(/nowhere/java) failed with ENOENT (2): No such file or directory");
		assertThatExceptionOfType(PosixException.class)
			.isThrownBy(() -> SpawnedProcess.start(program("/bin/sh"), bytes(), this.directory.resolve("gone"), NOTHING,
					NO_SHIELD))
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
		return start(script, NOTHING);
	}

	private static String output(Process process) throws IOException {
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static List<byte[]> bytes(String... texts) {
		return Stream.of(texts).map((text) -> text.getBytes(StandardCharsets.UTF_8)).toList();
	}

}
