package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.testsupport.FileTree;
import io.github.gracefulrestart.testsupport.OrdinaryProcess;
import org.junit.jupiter.api.Assumptions;

import static org.awaitility.Awaitility.await;

/**
 * The systemd of this machine once more, as PID 1 of namespaces of its own. Process ids
 * are those in there; the network is that of the tests.
 */
final class SystemdMachine implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Path MOUNTS = Path.of("/proc/self/mounts");

	private final Path directory;

	private final Path controlGroup;

	private Process unshare;

	private long init;

	private SystemdMachine(Path directory, Path controlGroup) {
		this.directory = directory;
		this.controlGroup = controlGroup;
	}

	/**
	 * Boot, or skip the test where that is not possible.
	 * @param name the name of its directory
	 * @return the machine
	 */
	static SystemdMachine boot(String name) throws IOException {
		Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "Only root can boot a systemd");
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/lib/systemd/systemd")), "There is no systemd here");
		Commands.require("unshare", "nsenter", "setpriv", "pivot_root");
		Optional<Path> groups = controlGroups();
		Assumptions.assumeTrue(groups.isPresent(), "There are no control groups of version 2 here");
		Path directory = Path.of("target", "it", name).toAbsolutePath();
		FileTree.deleteRecursively(directory);
		Files.createDirectories(directory.resolve("scratch"));
		Path group = groups.orElseThrow().resolve("graceful-restart-" + ProcessHandle.current().pid() + "-" + name);
		try {
			Files.createDirectory(group);
		}
		catch (IOException ex) {
			Assumptions.abort("No control group can be made here: " + ex);
		}
		SystemdMachine machine = new SystemdMachine(directory, group);
		try {
			machine.start();
			return machine;
		}
		catch (IOException | RuntimeException | Error ex) {
			machine.close();
			throw ex;
		}
	}

	private static Optional<Path> controlGroups() throws IOException {
		return Files.readAllLines(MOUNTS)
			.stream()
			.map((line) -> line.split(" "))
			.filter((fields) -> fields[2].equals("cgroup2"))
			.map((fields) -> Path.of(fields[1]))
			.findFirst();
	}

	private void start() throws IOException {
		Path script = this.directory.resolve("boot.sh");
		try (var in = SystemdMachine.class.getResourceAsStream("/supervisor/boot.sh")) {
			Files.copy(in, script);
		}
		List<String> command = new ArrayList<>(List.of("bash", "-c",
				"echo $BASHPID > \"$0\"/cgroup.procs && exec setsid unshare --mount --pid --cgroup --ipc --uts --fork "
						+ "--kill-child bash \"$@\"",
				this.controlGroup.toString(), script.toString(), this.directory.resolve("scratch").toString()));
		command.add(Path.of(System.getProperty("java.home")).toRealPath().toString());
		this.unshare = OrdinaryProcess.builder(command)
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("boot.log").toFile())
			.start();
		await("PID 1").atMost(PATIENCE).until(() -> {
			if (!this.unshare.isAlive()) {
				throw new AssertionError(
						"systemd has not booted: " + Files.readString(this.directory.resolve("boot.log")));
			}
			Optional<ProcessHandle> child = this.unshare.children().findFirst();
			child.ifPresent((process) -> this.init = process.pid());
			return child.isPresent()
					&& Files.readString(Path.of("/proc", Long.toString(this.init), "comm")).startsWith("systemd");
		});
		await("systemd").atMost(PATIENCE).until(() -> {
			String state = run("systemctl", "is-system-running").output();
			return state.startsWith("running") || state.startsWith("degraded");
		});
	}

	/**
	 * Run a command in the machine.
	 * @param command the program and its arguments
	 * @return how it ended
	 */
	Result run(String... command) {
		return runWith("", command);
	}

	private Result runWith(String input, String... command) {
		List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(this.init), "-m", "-p", "-C", "-i",
				"-u", "-r", "-w", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER=",
				"SYSTEMD_COLORS=0", "LC_ALL=C.UTF-8"));
		line.addAll(List.of(command));
		try {
			Process process = OrdinaryProcess.builder(line).redirectErrorStream(true).start();
			try (OutputStream out = process.getOutputStream()) {
				out.write(input.getBytes(StandardCharsets.UTF_8));
			}
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Result(process.waitFor(), output.strip());
		}
		catch (IOException ex) {
			throw new AssertionError(List.of(command) + " could not be run", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * Write a file in the machine.
	 */
	void write(String path, String content) {
		runWith(content, "sh", "-c", "mkdir -p \"${0%/*}\" && cat > \"$0\"", path).assertSuccess();
	}

	/**
	 * Return where a path of the machine is found from outside, through the root of its
	 * PID 1.
	 */
	Path outside(String path) {
		return Path.of("/proc", Long.toString(this.init), "root").resolve(path);
	}

	/**
	 * Copy files into the machine.
	 */
	void copy(Path from, String to) throws IOException {
		Path target = outside(to);
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Path copy = target.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) {
					Files.createDirectories(copy);
				}
				else {
					Files.copy(file, copy);
				}
			}
		}
	}

	String read(String path) {
		return run("cat", path).assertSuccess().output();
	}

	/**
	 * Return the manager of the units of the machine.
	 */
	ServiceManager system() {
		return new ServiceManager(this, List.of("systemctl"), "/etc/systemd/system/", "/run/", "_SYSTEMD_UNIT");
	}

	/**
	 * Start a manager of units of the user nobody.
	 */
	ServiceManager user() {
		write("/etc/systemd/system/users.service", """
				[Service]
				Type=notify
				User=nobody
				Delegate=yes
				RuntimeDirectory=users
				Environment=XDG_RUNTIME_DIR=/run/users HOME=/tmp
				ExecStart=/lib/systemd/systemd --user --unit=basic.target
				""");
		run("systemctl", "start", "users").assertSuccess();
		return new ServiceManager(this,
				List.of("env", "XDG_RUNTIME_DIR=/run/users", "setpriv", "--reuid=nobody", "--regid=nogroup",
						"--clear-groups", "systemctl", "--user"),
				"/etc/systemd/user/", "/run/users/", "_SYSTEMD_USER_UNIT");
	}

	@Override
	public void close() {
		if (this.unshare != null) {
			if (this.init != 0) {
				ProcessHandle.of(this.init).ifPresent(ProcessHandle::destroyForcibly);
			}
			this.unshare.destroyForcibly();
			await("the end of all processes").atMost(PATIENCE).until(() -> !this.unshare.isAlive());
		}
		await("an empty control group").atMost(PATIENCE).ignoreExceptions().until(this::removeControlGroups);
	}

	private boolean removeControlGroups() throws IOException {
		try (Stream<Path> groups = Files.walk(this.controlGroup)) {
			for (Path group : groups.filter(Files::isDirectory).sorted((one, other) -> other.compareTo(one)).toList()) {
				Files.delete(group);
			}
		}
		return !Files.exists(this.controlGroup);
	}

	/**
	 * How a command has ended.
	 *
	 * @param code its exit code
	 * @param output what it has written
	 */
	record Result(int code, String output) {

		Result assertSuccess() {
			if (this.code != 0) {
				throw new AssertionError("Ended with " + this.code + ": " + this.output);
			}
			return this;
		}

	}

}
