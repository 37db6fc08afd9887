package io.github.gracefulrestart.it;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.gracefulrestart.testsupport.LoadSettings;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.MixedLoad;
import io.github.gracefulrestart.testsupport.MixedReport;
import io.github.gracefulrestart.testsupport.Outcome;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Every kind of listener, and configuration that wants others than the predecessor had.
 */
@Lengthy
class ListenerIT {

	@Test
	void whenThereAreSeveralConnectorsThenAllAreHandedOver() throws Exception {
		int management = SampleService.freePort();
		int extra = SampleService.freePort();
		int plain = SampleService.freePort();
		SampleService.Builder builder = SampleService.named("connectors")
			.args("--spring.profiles.active=management-port,extra-connector,plain-connector,unix-socket",
					"--sample.extra-port=" + extra, "--sample.plain-port=" + plain, "--sample.unix-socket=service.sock")
			.managementPort(management);
		// Relative, because a path in a socket address must not be long
		Path path = Path.of("").toAbsolutePath().relativize(builder.directory().resolve("service.sock"));
		try (SampleService service = builder.start();
				MixedLoad load = MixedLoad.start(LoadSettings.close(service.port(), 2).name("server").rate(20),
						LoadSettings.close(management, 2).name("management").path("/actuator/info").rate(20),
						LoadSettings.close(extra, 2).name("extra").rate(20),
						LoadSettings.close(plain, 2).name("plain").rate(20),
						LoadSettings.keepAlive(plain, 2).name("plain-kept").rate(20))) {
			load.awaitRequests(10, SampleService.PATIENCE);
			Object file = Files.getAttribute(path, "unix:ino");
			assertThat(AddressClient.pid(UnixDomainSocketAddress.of(path))).isEqualTo(service.pid());
			for (int i = 0; i < 2; i++) {
				SampleService.Restart restart = service.handOverByEndpoint(management);
				assertServed(restart.successor(), service, management, extra, plain, path);
				service.awaitPredecessorGone(restart);
				assertServed(restart.successor(), service, management, extra, plain, path);
				assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(file);
			}
			MixedReport report = load.stop();
			assertThat(report.byName()).as(report.toString()).allSatisfy((name, part) -> {
				assertThat(part.failuresByKind()).isEmpty();
				assertThat(part.served()).hasSize(3);
			});
			// Of two predecessors that were asked by a request
			assertThat(service.process().output()).doesNotContain("appears to have started a thread");
			service.process().close();
			assertThat(path).doesNotExist();
		}
	}

	private static void assertServed(long pid, SampleService service, int management, int extra, int plain, Path path)
			throws Exception {
		assertThat(service.get("/hello").pid()).isEqualTo(pid);
		assertThat(service.request("GET", management, "/actuator/info").pid()).isEqualTo(pid);
		assertThat(service.request("GET", extra, "/hello").pid()).isEqualTo(pid);
		assertThat(service.request("GET", plain, "/hello").pid()).isEqualTo(pid);
		assertThat(AddressClient.pid(UnixDomainSocketAddress.of(path))).isEqualTo(pid);
	}

	@Test
	void whenPortIsChosenByTheSystemThenSuccessorsKeepIt() throws Exception {
		try (SampleService service = SampleService.named("any-port")
			.port(0)
			.args("--server.port=0", "--server.address=0.0.0.0")
			.start()) {
			int port = service.port();
			service.restart();
			SampleService.Restart restart = service.restart();
			assertThat(service.process().output().split("Tomcat started on port " + port + " ", -1)).hasSize(4);
			assertThat(AddressClient.pid(address("127.0.0.1", port))).isEqualTo(restart.successor());
			// Another of the addresses that a wildcard stands for
			assertThat(AddressClient.pid(address("127.0.0.2", port))).isEqualTo(restart.successor());
		}
	}

	@Test
	void whenAddressIsOfVersion6ThenItIsHandedOver() throws Exception {
		assumeThat(hasLoopback6()).as("IPv6 on the loopback interface").isTrue();
		int six = SampleService.freePort();
		int wildcard = SampleService.freePort();
		int four = SampleService.freePort();
		// A connector for the questions of this test, beside the one that it is about
		try (SampleService service = SampleService.named("address-6")
			.port(four)
			.args("--server.address=::1", "--server.port=" + six,
					"--spring.profiles.active=extra-connector,management-port", "--sample.extra-port=" + four,
					"--management.server.address=::")
			.managementPort(wildcard)
			.start()) {
			SampleService.Restart restart = service.restart();
			assertThat(AddressClient.pid(address("::1", six))).isEqualTo(restart.successor());
			assertThat(service.request("GET", wildcard, "/actuator/info").pid()).isEqualTo(restart.successor());
			assertThat(service.request("GET", four, "/hello").pid()).isEqualTo(restart.successor());
		}
	}

	@Test
	void whenConfigurationWantsAnotherPortThenItIsBoundAndTheOldOneRefused() throws Exception {
		int first = SampleService.freePort();
		int second = SampleService.freePort();
		SampleService.Builder builder = SampleService.named("changed-port")
			.port(first)
			.args(SampleService.PATIENT_CONNECTIONS);
		Path configuration = builder.directory().resolve("application.yml");
		Files.writeString(configuration, configuration(first, 5));
		try (SampleService service = builder.start()) {
			assertThat(Sockets.backlog(first)).isEqualTo(5);
			Files.writeString(configuration, configuration(first, 17));
			SampleService.Restart restart = service.restart();
			assertThat(Sockets.backlog(first)).isEqualTo(17);
			Files.writeString(configuration, configuration(second, 17));
			try (RawHttp begun = service.connect()) {
				begun.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
						+ "Content-Type: application/octet-stream\r\n\r\n01234");
				Connections.awaitActive(service, 1);
				long predecessor = restart.successor();
				assertTakenBack(service, first, predecessor);
				SampleService.Pending pending = service.beginRestart();
				pending.awaitOutput(LogLines.takenOver(3));
				long successor = service.process().awaitReady(second, "/hello", SampleService.PATIENCE).currentPid();
				assertThat(successor).isNotEqualTo(predecessor);
				begun.write("56789");
				assertThat(begun.read().text()).isEqualTo("bytes=10 pid=" + predecessor + " generation=2");
				service.awaitPredecessorGone(new SampleService.Restart(predecessor, successor));
				assertThatExceptionOfType(RequestFailedException.class).isThrownBy(() -> RawHttp.connect(first))
					.extracting(RequestFailedException::outcome)
					.isEqualTo(Outcome.CONNECT_REFUSED);
				assertThat(service.request("GET", second, "/hello").pid()).isEqualTo(successor);
			}
		}
	}

	/**
	 * Let a successor that does not want a port die while its predecessor drains.
	 */
	private static void assertTakenBack(SampleService service, int port, long predecessor) throws Exception {
		SampleService.Pending pending = service.beginRestart();
		pending.awaitOutput(LogLines.takenOver(3));
		ProcessHandle successor = service.process()
			.running()
			.stream()
			.filter((process) -> process.pid() != predecessor)
			.findFirst()
			.orElseThrow();
		successor.destroyForcibly();
		pending.awaitOutput(LogLines.ROLLED_BACK);
		assertThat(service.request("GET", port, "/hello").pid()).isEqualTo(predecessor);
	}

	private static String configuration(int port, int acceptCount) {
		return """
				server:
				  port: %d
				  tomcat:
				    accept-count: %d
				""".formatted(port, acceptCount);
	}

	private static InetSocketAddress address(String literal, int port) throws Exception {
		return new InetSocketAddress(InetAddress.getAllByName(literal)[0], port);
	}

	private static boolean hasLoopback6() throws Exception {
		NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
		return loopback != null && loopback.inetAddresses().anyMatch((address) -> address instanceof Inet6Address);
	}

}
