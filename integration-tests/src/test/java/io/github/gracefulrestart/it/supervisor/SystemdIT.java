package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.it.supervisor.SystemdMachine.Result;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.RawHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service under systemd is restarted by {@code systemctl reload}, and is one service to
 * systemd whatever happens meanwhile.
 */
@Lengthy
class SystemdIT {

	private static final String PROBATION = "--graceful.restart.probation=";

	private static SystemdMachine machine;

	@BeforeAll
	static void boot() throws IOException {
		machine = SystemdMachine.boot("systemd");
	}

	@AfterAll
	static void halt() {
		if (machine != null) {
			machine.close();
		}
	}

	@Test
	@Tag("exhaustive")
	void whenReloadedThenTheSuccessorIsTheMainProcess() throws Exception {
		reload(new UnitService(machine, "shop", List.of(), PROBATION + "1s"));
	}

	@Test
	void whenConfinedAndWatchedThenTheSameHolds() throws Exception {
		reload(new UnitService(machine, "confined",
				List.of("User=nobody", "KillMode=control-group", "ProtectSystem=strict", "PrivateTmp=yes",
						"NoNewPrivileges=yes", "CapabilityBoundingSet=", "WatchdogSec=3"),
				PROBATION + "1s", "--sample.start-delay=4s"));
	}

	private static void reload(UnitService service) throws Exception {
		service.start();
		long pid = service.mainPid();
		try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
			Result reload = service.systemctl("reload");
			assertThat(reload.code()).as(reload.output()).isZero();
			// Not before the predecessor has gone
			assertThat(service.mainPid()).isNotEqualTo(pid);
			pid = service.mainPid();
			service.assertServes(pid);
			service.configure("sample.fail-start=true");
			reload = service.systemctl("reload");
			assertThat(reload.code()).isNotZero();
			assertThat(service.journal()).contains("failed", "fail-start");
			service.assertServes(pid);
			service.configure("");
			reload = service.systemctl("reload");
			assertThat(reload.code()).as(reload.output()).isZero();
			assertThat(service.mainPid()).isNotEqualTo(pid);
			pid = service.mainPid();
			service.assertServes(pid);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isZero();
			assertThat(report.requests()).isPositive();
		}
		try (RawHttp slow = RawHttp.connect(service.port(), false, SampleService.PATIENCE)) {
			slow.writeGet("/slow?ms=2000");
			// It is accepted before what comes after it is answered
			service.answeringPid();
			CompletableFuture<Result> stop = service.begin("stop");
			assertThat(slow.read().text()).contains("pid=" + pid + " ");
			assertThat(join(stop).code()).isZero();
		}
		service.assertStopped();
	}

	/**
	 * systemd waits for nothing and hears nothing: all that it knows is in the pid file.
	 */
	@Test
	@Tag("exhaustive")
	void whenSystemdHearsNothingThenTheSameHolds() throws Exception {
		restartAndStop(new UnitService(machine, "exec",
				List.of("Type=exec", "FileDescriptorStoreMax=0", "User=", "DynamicUser=yes"), PROBATION + "1s"));
	}

	@Test
	@Tag("exhaustive")
	void whenItIsAServiceOfAUserThenTheSameHolds() throws Exception {
		restartAndStop(new UnitService(machine.user(), "mine", List.of("Type=simple", "User="), PROBATION + "1s"));
	}

	private static void restartAndStop(UnitService service) throws Exception {
		service.startUnnoticed();
		long pid = service.mainPid();
		assertThat(service.answeringPid()).isEqualTo(pid);
		Result reload = service.systemctl("reload");
		assertThat(reload.code()).as(() -> reload.output() + "\n" + service.journal()).isZero();
		assertThat(service.mainPid()).isNotEqualTo(pid);
		service.assertServes(service.mainPid());
		assertThat(service.systemctl("stop").code()).isZero();
		service.assertStopped();
	}

	@Test
	void whenThePredecessorIsKilledThenTheSuccessorIsTheMainProcess() throws Exception {
		UnitService service = new UnitService(machine, "killed", List.of(), PROBATION + "1s",
				"--sample.start-delay=2s");
		service.start();
		long pid = service.mainPid();
		CompletableFuture<Result> reload = service.begin("reload");
		await("a successor").atMost(SampleService.PATIENCE).until(() -> service.filedPid() != pid);
		long successor = service.filedPid();
		service.kill(pid);
		Result result = join(reload);
		assertThat(result.code()).as(result.output()).isZero();
		service.awaitOther(pid);
		service.assertServes(successor);
		// And now it is stopped while another one starts
		reload = service.begin("reload");
		await("another successor").atMost(SampleService.PATIENCE).until(() -> service.filedPid() != successor);
		assertThat(service.systemctl("stop").code()).isZero();
		assertThat(join(reload).code()).isNotZero();
		service.assertStopped();
	}

	@Test
	void whenTheSuccessorIsKilledOnProbationThenReloadFails() throws Exception {
		UnitService service = new UnitService(machine, "probation", List.of(), PROBATION + "5m");
		service.start();
		long pid = service.mainPid();
		CompletableFuture<Result> reload = service.begin("reload");
		long successor = service.awaitOther(pid);
		assertThat(service.filedPid()).isEqualTo(successor);
		assertThat(service.mainPid()).isEqualTo(pid);
		service.kill(successor);
		assertThat(join(reload).code()).isNotZero();
		assertThat(service.journal()).contains("rolled-back");
		service.assertServes(pid);
		// And now it is stopped in the middle
		reload = service.begin("reload");
		service.awaitOther(pid);
		assertThat(service.systemctl("stop").code()).isZero();
		assertThat(join(reload).code()).isNotZero();
		service.assertStopped();
	}

	/**
	 * The first part is what a restart does without in-place restarts: the load must see
	 * that.
	 */
	@Test
	void whenTheUnitHasNoPidFileThenReloadIsRefused() throws Exception {
		UnitService service = new UnitService(machine, "no-file", List.of("PIDFile=", "FileDescriptorStoreMax=0"));
		service.start();
		try (LoadGenerator load = LoadGenerator.start(LoadSettings.close(service.port(), 4).rate(50))) {
			assertThat(service.systemctl("restart").code()).isZero();
			assertThat(load.stop().failures()).isPositive();
		}
		long pid = service.mainPid();
		assertThat(service.systemctl("reload").code()).isNotZero();
		assertThat(service.journal()).contains("refused", "a unit that has no PIDFile=");
		assertThat(service.show("SubState")).isEqualTo("running");
		assertThat(service.mainPid()).isEqualTo(pid);
		assertThat(service.answeringPid()).isEqualTo(pid);
	}

	@Test
	@Tag("exhaustive")
	void whenThePidFileIsWhereOnlyTheServiceSeesItThenReloadIsRefused() throws Exception {
		UnitService service = new UnitService(machine, "hidden",
				List.of("PrivateTmp=yes", "PIDFile=", "PIDFile=/tmp/hidden.pid"));
		service.start();
		long pid = service.mainPid();
		assertThat(service.systemctl("reload").code()).isNotZero();
		assertThat(service.journal()).contains("refused", "the unit has PrivateTmp=");
		assertThat(service.mainPid()).isEqualTo(pid);
		assertThat(service.answeringPid()).isEqualTo(pid);
	}

	private static Result join(CompletableFuture<Result> command) throws Exception {
		return command.get(SampleService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

}
