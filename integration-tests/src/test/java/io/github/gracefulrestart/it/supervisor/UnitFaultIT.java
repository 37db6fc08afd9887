package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.it.failure.Fault;
import io.github.gracefulrestart.it.failure.FaultAction;
import io.github.gracefulrestart.it.failure.FaultPoint;
import io.github.gracefulrestart.it.failure.FaultyApplication;
import io.github.gracefulrestart.it.supervisor.SystemdMachine.Result;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code kill -9} of one of the two processes of a unit of systemd, at each point of a
 * restart. The process that survives is the main process of the unit and the predecessor
 * of the next restart. That the load notices when nobody serves is shown in
 * {@code SystemdIT}.
 */
@Tag("exhaustive")
class UnitFaultIT {

	/** The pid file does not name the successor yet: systemd starts the service again. */
	private static final Set<FaultPoint> TOO_EARLY = EnumSet.of(FaultPoint.LAUNCHED);

	/** The predecessor exits anyway, before or after the successor. */
	private static final Set<FaultPoint> TOO_LATE = EnumSet.of(FaultPoint.REPORT_RECEIVED, FaultPoint.LEFT_RECEIVED);

	private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

	private static SystemdMachine machine;

	private UnitService service;

	@BeforeAll
	static void boot() throws IOException {
		machine = SystemdMachine.boot("unit-faults");
	}

	@AfterAll
	static void halt() {
		if (machine != null) {
			machine.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void whenKilledAtAnyPointThenTheHeirIsTheMainProcess(FaultPoint.Role role) throws Exception {
		String name = "faulty-" + role.name().toLowerCase(Locale.ROOT);
		this.service = new UnitService(machine.system(), FaultyApplication.get().application(), name, List.of(),
				"--graceful.restart.probation=1500ms");
		this.service.start();
		Path directory = machine.outside("opt/" + name);
		int restarts = 0;
		List<String> failures = new ArrayList<>();
		for (FaultPoint point : FaultPoint.of(role)) {
			if (TOO_LATE.contains(point)) {
				continue;
			}
			restarts += TOO_EARLY.contains(point) ? 1 : 0;
			try {
				kill(point, directory, restarts);
			}
			catch (AssertionError | Exception ex) {
				failures.add(point + ": " + ex + "\n" + this.service.journal());
				restarts = Integer.parseInt(this.service.show("NRestarts"));
			}
		}
		assertThat(failures).isEmpty();
		assertThat(this.service.systemctl("stop").code()).isZero();
		this.service.assertEnded();
	}

	private void kill(FaultPoint point, Path directory, int restarts) throws Exception {
		long predecessor = this.service.mainPid();
		boolean predecessorFails = point.role() == FaultPoint.Role.PREDECESSOR;
		int generation = this.service.generation();
		LoadGenerator load = load();
		List<RawHttp> idle = List.of(idleConnection(), idleConnection());
		Fault fault = Fault.arm(directory, predecessorFails ? generation : generation + 1, point.injectorName(),
				FaultAction.KILL);
		CompletableFuture<Result> reload = this.service.begin("reload");
		fault.awaitReached();
		long successor = this.service.filedPid();
		// What a killed process had accepted is lost
		assertNothingLost(load);
		fault.release();
		this.service.awaitEnd(predecessorFails ? predecessor : successor);
		load = load();
		Result result = reload.get(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
		if (TOO_EARLY.contains(point)) {
			this.service.awaitRestarts(restarts);
			this.service.awaitOther(predecessor);
		}
		else {
			assertThat(result.code() == 0).as(result.output()).isEqualTo(predecessorFails);
			long heir = predecessorFails ? successor : predecessor;
			await("the heir").atMost(SampleService.PATIENCE).until(() -> this.service.mainPid() == heir);
			this.service.assertServes(heir, restarts);
		}
		for (RawHttp connection : idle) {
			connection.close();
		}
		assertNothingLost(load);
	}

	private LoadGenerator load() {
		return LoadGenerator.start(LoadSettings.close(this.service.port(), 2).rate(50).timeout(REQUEST_TIMEOUT));
	}

	private static void assertNothingLost(LoadGenerator load) {
		load.awaitRequests(load.requests() + 5, SampleService.PATIENCE);
		LoadReport report = load.stop();
		assertThat(report.failures()).as(report.toString()).isZero();
	}

	private RawHttp idleConnection() throws Exception {
		RawHttp connection = RawHttp.connect(this.service.port(), false, SampleService.PATIENCE);
		connection.writeGet("/hello");
		connection.read();
		return connection;
	}

}
