package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.Commands;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where the first process must not exit it becomes the keeper of the service.
 */
class KeeperIT {

	private static final int RESIDENT_KIB = 100;

	private static final int DESCRIPTORS = 5;

	@BeforeAll
	static void requireNamespaces() {
		Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "Only root can make namespaces");
		Commands.require("unshare");
	}

	@Test
	void whenPid1ThenItKeepsTheServiceOfAllGenerations() throws Exception {
		try (SupervisedService service = SupervisedService.in("pid1")) {
			service.start(service.command());
			ProcessHandle init = service.init();
			assertThat(service.output()).contains("This process (pid 1) is supervised by its container");
			try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
				service.restart(init, "HUP");
				assertSmall(init);
				service.restart(init, "USR2");
				service.restart(init, "HUP");
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isZero();
				assertThat(report.requests()).isPositive();
			}
			assertSmall(init);
			// The same load notices when no process serves
			try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
				SupervisedService.signal(init, "TERM");
				assertThat(service.awaitEnd()).isEqualTo(143);
				load.awaitRequests(load.requests() + 50, SampleService.PATIENCE);
				assertThat(load.stop().failures()).isPositive();
			}
			service.assertRefused();
		}
	}

	/**
	 * Nothing piles up: neither memory nor descriptors nor processes that the keeper has
	 * not waited for.
	 */
	private static void assertSmall(ProcessHandle keeper) throws IOException {
		Path process = Path.of("/proc", Long.toString(keeper.pid()));
		String status = Files.readString(process.resolve("status"));
		int resident = Integer.parseInt(status.replaceFirst("(?s).*VmRSS:\\s+(\\d+) kB.*", "$1"));
		assertThat(resident).isLessThan(RESIDENT_KIB);
		try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
			assertThat(descriptors).hasSizeLessThanOrEqualTo(DESCRIPTORS);
		}
		for (ProcessHandle child : keeper.children().toList()) {
			String state = Files.readString(Path.of("/proc", Long.toString(child.pid()), "stat"),
					StandardCharsets.ISO_8859_1);
			assertThat(state).doesNotContain(") Z ");
		}
	}

	/**
	 * The status of the last generation is that of the service. HotSpot aborts when it
	 * has received SEGV.
	 */
	@ParameterizedTest
	@CsvSource({ "KILL, 137", "SEGV, 134" })
	@Tag("exhaustive")
	void whenTheLastGenerationIsKilledThenSoIsTheService(String signal, int status) throws Exception {
		try (SupervisedService service = SupervisedService.in("pid1-" + signal)) {
			service.start(service.command());
			service.restart(service.init(), "HUP");
			SupervisedService.signal(service.serving(), signal);
			assertThat(service.awaitEnd()).isEqualTo(status);
			service.assertRefused();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "tini", "dumb-init", "catatonit" })
	@Tag("exhaustive")
	void whenAnInitHasStartedItThenTheKeeperStays(String init) throws Exception {
		Commands.require(init);
		try (SupervisedService service = SupervisedService.in(init)) {
			List<String> program = new ArrayList<>(List.of(init, "--"));
			program.addAll(service.command());
			restartUnder(service.start(program), init);
			SupervisedService.signal(service.init(), "TERM");
			assertThat(service.awaitEnd()).isEqualTo(143);
			service.assertRefused();
		}
	}

	private static void restartUnder(SupervisedService service, String supervisor) throws Exception {
		assertThat(service.output()).contains("is supervised by " + supervisor);
		ProcessHandle known = service.known();
		try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
			service.restart(known, "HUP");
			service.restart(known, "HUP");
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
		}
		assertSmall(known);
	}

	@Test
	void whenSupervisordHasStartedItThenItStopsTheServingGeneration() throws Exception {
		Commands.require("supervisord", "supervisorctl");
		try (SupervisedService service = SupervisedService.in("supervisord")) {
			Path script = service.script("run");
			Path configuration = Files.writeString(service.directory().resolve("supervisord.conf"), """
					[supervisord]
					nodaemon=true
					user=root
					logfile=/dev/null
					logfile_maxbytes=0
					pidfile=%1$s/supervisord.pid
					[unix_http_server]
					file=%1$s/s
					[supervisorctl]
					serverurl=unix://%1$s/s
					[rpcinterface:supervisor]
					supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
					[program:shop]
					command=%2$s
					autorestart=true
					stopwaitsecs=60
					stdout_logfile=/dev/fd/1
					stdout_logfile_maxbytes=0
					redirect_stderr=true
					""".formatted(service.directory(), script));
			service.start(List.of("supervisord", "-c", configuration.toString()));
			restartUnder(service, "supervisord");
			String control = Commands.run("supervisorctl", "-c", configuration.toString(), "stop", "shop");
			assertThat(control).contains("stopped");
			service.assertRefused();
		}
	}

	@Test
	@Tag("exhaustive")
	void whenRunitHasStartedItThenItStopsTheServingGeneration() throws Exception {
		Commands.require("runsv", "sv");
		try (SupervisedService service = SupervisedService.in("runit")) {
			service.script("shop/run");
			service.start(List.of("runsv", service.directory().resolve("shop").toString()));
			restartUnder(service, "runsv");
			Commands.run("sv", "-w", "60", "down", service.directory().resolve("shop").toString());
			service.assertRefused();
		}
	}

	@Test
	@Tag("exhaustive")
	void whenS6HasStartedItThenItStopsTheServingGeneration() throws Exception {
		Commands.require("s6-supervise", "s6-svc");
		try (SupervisedService service = SupervisedService.in("s6")) {
			service.script("shop/run");
			service.start(List.of("s6-supervise", service.directory().resolve("shop").toString()));
			restartUnder(service, "s6-supervise");
			Commands.run("s6-svc", "-d", service.directory().resolve("shop").toString());
			await("the end").atMost(SampleService.PATIENCE).until(() -> service.init().children().findAny().isEmpty());
			service.assertRefused();
		}
	}

	/**
	 * The order comes while the process that gets it drains, exits, or becomes the
	 * keeper.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 200, 300, 500, 700, 900 })
	@Tag("exhaustive")
	void whenToldToStopAtAnyMomentThenTheServiceStops(int delay) throws Exception {
		try (SupervisedService service = SupervisedService.in("told-" + delay)) {
			service.start(service.command());
			ProcessHandle init = service.init();
			SupervisedService.signal(init, "HUP");
			await("a takeover").pollInterval(Duration.ofMillis(10))
				.atMost(SampleService.PATIENCE)
				.until(() -> service.output().contains("can roll back"));
			await().pollDelay(Duration.ofMillis(delay)).until(() -> true);
			SupervisedService.signal(init, "TERM");
			assertThat(service.awaitEnd()).isEqualTo(143);
			service.assertRefused();
		}
	}

	/** No supervisor, and no container: the property says so. */
	@Test
	@Tag("exhaustive")
	void whenNothingIsSupervisedThenThePropertyDecides() throws Exception {
		try (SupervisedService service = SupervisedService.in("property")) {
			Path script = service.script("run", "--graceful.restart.supervisor=keeper");
			service.start(List.of("sh", "-c", script + "; exit $?"));
			restartUnder(service, "graceful.restart.supervisor=keeper");
			SupervisedService.signal(service.known(), "TERM");
			assertThat(service.awaitEnd()).isEqualTo(143);
		}
	}

}
