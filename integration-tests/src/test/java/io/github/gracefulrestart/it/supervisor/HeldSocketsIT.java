package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Set;

import io.github.gracefulrestart.it.AddressClient;
import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.it.supervisor.SystemdMachine.Result;
import io.github.gracefulrestart.testsupport.LoadGenerator;
import io.github.gracefulrestart.testsupport.LoadReport;
import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where systemd holds the listening sockets, clients of a service that dies wait, and are
 * answered by the one that systemd starts.
 */
@Lengthy
class HeldSocketsIT {

	private static final int CLIENTS = 4;

	/** What becomes of a request that the service had accepted when it died. */
	private static final Set<Outcome> LOST_WITH_THE_SERVICE = Set.of(Outcome.RESET_FRESH, Outcome.EOF_FRESH,
			Outcome.RESET_MID, Outcome.EOF_MID);

	private static SystemdMachine machine;

	@BeforeAll
	static void boot() throws IOException {
		machine = SystemdMachine.boot("held");
	}

	@AfterAll
	static void halt() {
		if (machine != null) {
			machine.close();
		}
	}

	/**
	 * The last part is what a service does without a store: the load must see that.
	 */
	@Test
	void whenStoredThenNobodyIsRefused() throws Exception {
		String path = "run/stored/app.sock";
		UnitService service = new UnitService(machine, "stored",
				List.of("UnsetEnvironment=GRACEFUL_RESTART_DESCRIPTORSTORE", "RuntimeDirectoryPreserve=restart"),
				"--graceful.restart.probation=1s", "--spring.profiles.active=unix-socket",
				"--sample.unix-socket=/" + path);
		service.configure("graceful.restart.descriptor-store=always");
		service.start();
		long pid = service.mainPid();
		assertThat(service.show("NFileDescriptorStore")).isEqualTo("2");
		UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(machine.outside(path));
		String file = machine.run("stat", "-c", "%i", "/" + path).assertSuccess().output();
		try (LoadGenerator load = load(service.port())) {
			pid = killAndWait(service, pid);
			assertThat(service.show("NRestarts")).isEqualTo("1");
			pid = reload(service, pid);
			pid = killAndWait(service, pid);
			assertNobodyRefused(load.stop(), 2);
		}
		try (LoadGenerator load = load(service.port())) {
			assertThat(service.systemctl("restart").code()).as(service::journal).isZero();
			assertThat(service.mainPid()).isNotEqualTo(pid);
			pid = service.mainPid();
			assertNobodyRefused(load.stop(), 1);
		}
		assertThat(AddressClient.pid(unix)).isEqualTo(pid);
		assertThat(machine.run("stat", "-c", "%i", "/" + path).output()).isEqualTo(file);
		assertThat(service.journal()).contains("on a socket that systemd has passed")
			.doesNotContain("Address already in use")
			.doesNotContain("fits");
		service.configure("graceful.restart.descriptor-store=never");
		pid = reload(service, pid);
		await("an empty store").atMost(SampleService.PATIENCE)
			.until(() -> service.show("NFileDescriptorStore").equals("0"));
		try (LoadGenerator load = load(service.port())) {
			service.kill(pid);
			await("a client that is refused").atMost(SampleService.PATIENCE).until(() -> isRefused(service.port()));
			load.awaitRequests(load.requests() + CLIENTS, SampleService.PATIENCE);
			assertThat(load.stop().count(Outcome.CONNECT_REFUSED)).isPositive();
		}
	}

	@Test
	@Tag("exhaustive")
	void whenASocketUnitListensThenTheServiceStartsWithTheFirstClient() throws Exception {
		String path = "run/activated.sock";
		UnitService service = new UnitService(machine, "activated",
				List.of("UnsetEnvironment=GRACEFUL_RESTART_DESCRIPTORSTORE", "FileDescriptorStoreMax=0"),
				"--graceful.restart.probation=1s", "--spring.profiles.active=unix-socket",
				"--sample.unix-socket=/" + path);
		service.listen("127.0.0.1:" + service.port(), "/" + path);
		UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(machine.outside(path));
		assertThat(service.show("ActiveState")).isEqualTo("inactive");
		try (LoadGenerator load = load(service.port())) {
			long pid = AddressClient.pid(unix);
			load.awaitRequests(1, SampleService.PATIENCE);
			assertThat(service.mainPid()).isEqualTo(pid);
			pid = killAndWait(service, pid);
			pid = reload(service, pid);
			assertThat(AddressClient.pid(unix)).isEqualTo(pid);
			pid = killAndWait(service, pid);
			assertThat(AddressClient.pid(unix)).isEqualTo(pid);
			assertNobodyRefused(load.stop(), 2);
		}
		assertThat(service.journal()).doesNotContain("Address already in use").doesNotContain("fits");
		assertThat(service.systemctl("stop").code()).isZero();
		service.assertStopped();
		assertThat(machine.system().show("activated.socket", "ActiveState")).isEqualTo("active");
		assertThat(machine.run("test", "-S", "/" + path).code()).isZero();
	}

	private static LoadGenerator load(int port) {
		return LoadGenerator.start(LoadSettings.close(port, CLIENTS).rate(50).timeout(SampleService.PATIENCE));
	}

	/**
	 * Kill the only process, with a client that comes before there is another one.
	 */
	private static long killAndWait(UnitService service, long pid) throws Exception {
		service.kill(pid);
		await("the end of the process").atMost(SampleService.PATIENCE).until(() -> service.mainPid() != pid);
		try (RawHttp waiting = RawHttp.connect(service.port(), false, SampleService.PATIENCE)) {
			waiting.writeGet("/hello");
			String answer = waiting.read().text();
			assertThat(answer).contains("pid=" + service.mainPid() + " ");
		}
		await("readiness").atMost(SampleService.PATIENCE).until(() -> service.show("ActiveState").equals("active"));
		return service.mainPid();
	}

	private static boolean isRefused(int port) {
		try (RawHttp client = RawHttp.connect(port)) {
			return client.answers() > 0;
		}
		catch (RequestFailedException ex) {
			return ex.outcome() == Outcome.CONNECT_REFUSED;
		}
	}

	private static long reload(UnitService service, long pid) {
		Result reload = service.systemctl("reload");
		assertThat(reload.code()).as(() -> reload.output() + "\n" + service.journal()).isZero();
		assertThat(service.mainPid()).isNotEqualTo(pid);
		return service.mainPid();
	}

	private static void assertNobodyRefused(LoadReport report, int deaths) {
		assertThat(report.failuresByKind().keySet()).as(report.toString()).isSubsetOf(LOST_WITH_THE_SERVICE);
		assertThat(report.failures()).as(report.toString()).isLessThanOrEqualTo((long) deaths * CLIENTS);
		assertThat(report.ok()).as(report.toString()).isPositive();
	}

}
