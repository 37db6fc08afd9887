package io.github.gracefulrestart.it.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JVM that is not started by the {@code java} of an ordinary JDK: one with file
 * capabilities, one of an image, and by launchers that are other programs.
 */
@Tag("exhaustive")
class OtherLaunchersIT {

	private static final Path HOME = Path.of(System.getProperty("java.home")).toAbsolutePath();

	private static final String NOBODY = "65534";

	/** The options in front of -jar, what it names, and the arguments behind. */
	private static final String SPLIT = """
			options=()
			while [ "$1" != -jar ]; do options+=("$1"); shift; done
			jar=$2; shift 2
			""";

	private static final String JAR_LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private final List<Long> jsvcProcesses = new ArrayList<>();

	/**
	 * jsvc creates a file when its program has started, and does not delete it.
	 */
	@AfterEach
	void deleteFilesOfJsvc() throws IOException {
		for (long pid : this.jsvcProcesses) {
			Files.deleteIfExists(Path.of("/tmp", pid + ".jsvc_up"));
		}
	}

	@Test
	void whenJavaHasFileCapabilitiesThenSuccessorsHaveThePrivilegedPort() throws Exception {
		Commands.require("setcap", "unshare", "setpriv", "ldconfig");
		Assumptions.assumeTrue("root".equals(System.getProperty("user.name")),
				"Only root can give a file a capability");
		SampleService.Builder builder = SampleService.named("launch-setcap").copyOfJar();
		Path directory = builder.directory();
		Path java = linkedHome(directory.resolve("image")).resolve("bin/java");
		Files.copy(HOME.resolve("bin/java"), java);
		Commands.run("setcap", "cap_net_bind_service=+ep", java.toString());
		// For such a program the linker does not look beside it. What root writes to
		// /etc/ld.so.conf.d, only these processes see here
		Files.writeString(directory.resolve("ld.conf"), HOME.resolve("lib") + "\n" + HOME.resolve("lib/server") + "\n");
		Commands.run("ldconfig", "-f", directory.resolve("ld.conf").toString(), "-C",
				directory.resolve("ld.cache").toString());
		Commands.run("chown", NOBODY, directory.toString());
		Path script = script(builder, """
				for argument; do case $argument in -Djava.io.tmpdir=*) chown %1$s ${argument#*=};; esac; done
				exec unshare -m sh -c 'mount --bind ld.cache /etc/ld.so.cache && exec "$@"' sh \\
				  setpriv --reuid=%1$s --regid=%1$s --clear-groups sh -c 'exec "$0" "$@"' '%2$s' "$@"
				""".formatted(NOBODY, java));
		int port = privilegedPort();
		try (SampleService service = builder.port(port)
			.args("--server.port=" + port)
			.process((process) -> process.java(script))
			.start()) {
			Path process = Path.of("/proc", String.valueOf(service.pid()));
			assertThat(Files.getOwner(process.resolve("environ")).getName()).isEqualTo("root");
			assertThat(Files.readString(process.resolve("status"))).containsPattern("Uid:\\s+" + NOBODY);
			restartTwice(service);
			assertThat(Files.readString(Path.of("/proc", String.valueOf(service.pid()), "status")))
				.containsPattern("Uid:\\s+" + NOBODY)
				.containsPattern("CapEff:\\s+0*400\\b");
		}
	}

	@Test
	void whenJavaIsThatOfAnImageThenRestarts() throws Exception {
		Assumptions.assumeTrue(Files.isDirectory(HOME.resolve("jmods")), "The JDK has no modules to link");
		SampleService.Builder builder = SampleService.named("launch-image").copyOfJar();
		Path directory = builder.directory();
		Files.createDirectories(directory.resolve("src"));
		Files.writeString(directory.resolve("src/module-info.java"), """
				module shop {
					requires java.desktop;
					requires java.instrument;
					requires java.management;
					requires java.naming;
					requires java.security.jgss;
					requires java.sql;
				}
				""");
		Files.writeString(directory.resolve("src/Main.java"), """
				package shop;
				public class Main {
					public static void main(String[] arguments) throws Exception {
						Class.forName("%s", true, ClassLoader.getSystemClassLoader())
							.getMethod("main", String[].class).invoke(null, (Object) arguments);
					}
				}
				""".formatted(JAR_LAUNCHER));
		Commands.jdk("javac", "-d", directory.resolve("mods/shop").toString(),
				directory.resolve("src/module-info.java").toString(), directory.resolve("src/Main.java").toString());
		Path image = directory.resolve("image");
		Commands.jdk("jlink", "--module-path", directory.resolve("mods").toString(), "--add-modules",
				"shop,java.desktop,java.instrument,java.management,java.naming,java.security.jgss,java.sql,"
						+ "jdk.unsupported",
				"--launcher", "shop=shop/shop.Main", "--output", image.toString());
		try (SampleService service = builder.process((process) -> process.java(image.resolve("bin/java"))).start()) {
			restartTwice(service);
		}
		// The options are written into the script, as its own comment says
		Path launcher = image.resolve("bin/shop");
		SampleService.Builder launched = SampleService.named("launch-image-launcher").copyOfJar();
		Path script = script(launched, SPLIT + """
				sed -i "s|^JLINK_VM_OPTIONS=.*|JLINK_VM_OPTIONS='${options[*]} -cp $jar'|" '%1$s'
				exec '%1$s' "$@"
				""".formatted(launcher));
		try (SampleService service = launched.process((process) -> process.java(script)).start()) {
			assertThat(ProcFs.commandLine(service.pid())).contains("-m", "shop/shop.Main");
			// The module does not require the one that has signals
			assertThat(service.process().output())
				.contains("Signal USR2 cannot trigger a graceful restart here: this JVM runs without the module "
						+ "jdk.unsupported");
			for (int i = 0; i < 2; i++) {
				service.awaitPredecessorGone(service.handOverByEndpoint(service.port()));
			}
			assertThat(ProcFs.commandLine(service.pid())).contains("-m", "shop/shop.Main");
		}
	}

	@Test
	void whenAStarterLoadsTheJvmThenIsStartedOnceMore() throws Exception {
		Commands.require("gcc");
		SampleService.Builder builder = SampleService.named("launch-native").copyOfJar();
		Path directory = builder.directory();
		Path source = Path.of(getClass().getResource("/launch/starter.c").toURI());
		Path library = HOME.resolve("lib/server");
		Commands.run("gcc", "-O", "-Wall", "-o", directory.resolve("shopd").toString(), source.toString(),
				"-I" + HOME.resolve("include"), "-I" + HOME.resolve("include/linux"), "-L" + library,
				"-Wl,-rpath," + library, "-ljvm");
		Path script = script(builder, SPLIT + """
				exec ./shopd "${options[@]}" "-Djava.class.path=$jar" '%s' -- "$@"
				""".formatted(JAR_LAUNCHER.replace('.', '/')));
		try (SampleService service = builder.process((process) -> process.java(script)).start()) {
			List<String> commandLine = ProcFs.commandLine(service.pid());
			assertThat(commandLine.get(0)).isEqualTo("./shopd");
			Path start = Files.writeString(directory.resolve("successor.sh"),
					"#!/bin/sh\nexec ./shopd -Dof.the.script=1 \"$@\"\n");
			Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
			assertThat(ProcFs.commandLine(restartTwice(service))).isEqualTo(commandLine);

			// What the next generation reads when it starts
			Files.writeString(directory.resolve("application.properties"),
					"graceful.restart.launch.command=./successor.sh,"
							+ String.join(",", commandLine.subList(1, commandLine.size())) + "\n");
			service.restart();
			assertThat(ProcFs.commandLine(restartTwice(service))).startsWith("./shopd", "-Dof.the.script=1");
		}
	}

	@Test
	void whenTheLauncherIsJsvcThenIsRefusedAndServesOn() throws Exception {
		Commands.require("jsvc");
		try (SampleService service = jsvc("launch-jsvc");
				LoadGenerator load = LoadGenerator.start(LoadSettings.keepAlive(service.port(), 2).rate(50))) {
			long pid = service.pid();
			for (String path : List.of("/actuator/reload?dry-run=true", "/actuator/reload")) {
				assertThat(service.post(path).text()).contains(
						"this JVM was started by /usr/bin/jsvc, which runs it in a child process",
						"graceful.restart.launch.command");
			}
			assertThat(service.post("/actuator/reload").status()).isEqualTo(422);
			// The signal is one of jsvc's own
			service.process().signal(pid, "USR2");
			service.process().awaitOutput("Daemon doesn't support signaling", SampleService.PATIENCE);
			assertThat(service.process().output()).doesNotContain(LogLines.LAUNCHED);
			assertThat(service.pid()).isEqualTo(pid);
			assertThat(JsonPath.<String>read(service.get("/actuator/reload").text(), "$.state")).isEqualTo("serving");
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
		}
	}

	@Test
	void whenTheLauncherIsJsvcThenAProgramStartsTheSuccessor() throws Exception {
		Commands.require("jsvc");
		// It starts the JVM in the root directory
		Path program = Path.of("target", "it", "launch-jsvc-command", "successor.sh").toAbsolutePath();
		try (SampleService service = jsvc("launch-jsvc-command", "--graceful.restart.launch.command=" + program);
				LoadGenerator load = LoadGenerator.start(LoadSettings.keepAlive(service.port(), 2).rate(50))) {
			long jsvc = service.process().pid();
			service.awaitPredecessorGone(service.handOverByEndpoint(service.port()));
			service.process().awaitExit(jsvc, SampleService.PATIENCE);
			// No jsvc any more
			service.restart();
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
		}
	}

	private SampleService jsvc(String name, String... arguments) throws Exception {
		SampleService.Builder builder = SampleService.named(name).args(arguments);
		Path classes = Path.of(SampleDaemon.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Path script = script(builder, SPLIT + """
				printf '#!/bin/bash\\nexec %%s\\n' "'%1$s/bin/java' ${options[*]@Q} -jar ${jar@Q} ${*@Q}" > successor.sh
				chmod +x successor.sh
				exec /usr/bin/jsvc -nodetach -home '%1$s' -pidfile "$PWD/pid" \\
				  -outfile "$PWD/output.log" -errfile '&1' \\
				  -cp "/usr/share/java/commons-daemon.jar:$jar:%2$s" "${options[@]}" '%3$s' "$@"
				""".formatted(HOME, classes, SampleDaemon.class.getName()));
		SampleService service = builder.process((process) -> process.java(script)).start();
		this.jsvcProcesses.addAll(List.of(service.process().pid(), service.pid()));
		return service;
	}

	@Test
	void whenJavaIsFoundThroughPathAndLinksThenTheyAreFollowedAgain() throws Exception {
		SampleService.Builder builder = SampleService.named("launch-links").copyOfJar().workingDirectory("run");
		Path directory = builder.directory();
		Files.createDirectories(directory.resolve("run"));
		Path first = linkedHome(directory.resolve("jdk-1"));
		Files.copy(HOME.resolve("bin/java"), first.resolve("bin/java"));
		Path second = linkedHome(directory.resolve("jdk-2"));
		Files.copy(HOME.resolve("bin/java"), second.resolve("bin/java"));
		Path stable = Files.createSymbolicLink(directory.resolve("stable"), Path.of("jdk-1"));
		Files.createSymbolicLink(directory.resolve("current"), Path.of("stable"));
		Path script = script(builder, """
				PATH=/nowhere:../current/bin:$PATH
				exec java "$@"
				""");
		try (SampleService service = builder.process((process) -> process.java(script)).start()) {
			assertThat(ProcFs.commandLine(service.pid())).startsWith("java");
			assertThat(executable(service.pid())).isEqualTo(first.resolve("bin/java"));
			Files.delete(stable);
			Files.createSymbolicLink(stable, Path.of("jdk-2"));
			long third = restartTwice(service);
			assertThat(ProcFs.commandLine(third)).startsWith("java");
			assertThat(executable(third)).isEqualTo(second.resolve("bin/java"));
			// Nothing was opened by the line, and nothing of the JVM's own is taken for
			// that
			assertThat(ProcFs.environment(third)).contains("GRACEFUL_RESTART_INHERITED=");
		}
	}

	/**
	 * Restart twice, with requests in flight.
	 * @return the process that serves then
	 */
	private static long restartTwice(SampleService service) throws Exception {
		HttpAnswer dryRun = service.post("/actuator/reload?dry-run=true");
		assertThat(dryRun.status()).as(dryRun.text()).isEqualTo(200);
		try (LoadGenerator load = LoadGenerator.start(LoadSettings.keepAlive(service.port(), 2).rate(50))) {
			long pid = service.pid();
			for (int i = 0; i < 2; i++) {
				try (RawHttp slow = service.connect()) {
					slow.writeGet("/slow-until-handover");
					assertThat(service.pid()).isEqualTo(pid);
					SampleService.Restart restart = service.handOver();
					HttpAnswer answer = slow.read();
					assertThat(answer.status()).isEqualTo(200);
					assertThat(answer.pid()).isEqualTo(restart.predecessor());
					pid = service.awaitPredecessorGone(restart).successor();
				}
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
			return pid;
		}
	}

	private static Path executable(long pid) throws IOException {
		return Path.of("/proc", String.valueOf(pid), "exe").toRealPath();
	}

	/**
	 * Make what looks like a JDK to its launcher, which is to be put there.
	 */
	private static Path linkedHome(Path home) throws IOException {
		Files.createDirectories(home.resolve("bin"));
		for (String part : List.of("lib", "conf")) {
			Files.createSymbolicLink(home.resolve(part), HOME.resolve(part));
		}
		return home.toRealPath();
	}

	private static int privilegedPort() {
		return IntStream.range(600, 1024).filter(OtherLaunchersIT::isFree).findFirst().orElseThrow();
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Write what is to be started as if it were {@code java}.
	 */
	private static Path script(SampleService.Builder builder, String content) throws IOException {
		Path script = Files.writeString(builder.directory().resolve("start.sh"), "#!/bin/bash\n" + content);
		return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

}
