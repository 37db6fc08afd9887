package io.github.gracefulrestart.it.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.gracefulrestart.it.SampleApplication;
import io.github.gracefulrestart.it.SampleService;
import io.github.gracefulrestart.it.supervisor.SystemdMachine.Result;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample application as a unit of systemd, which it has printed itself.
 */
final class UnitService {

	private static final Duration PATIENCE = SampleService.PATIENCE;

	private static final Pattern PID = Pattern.compile("pid=(\\d+) ");

	private final ServiceManager manager;

	private final SystemdMachine machine;

	private final String name;

	private final int port = SampleService.freePort();

	/**
	 * Install a unit.
	 * @param machine where
	 * @param name its name
	 * @param settings lines of its section Service, after those that were printed
	 * @param arguments arguments of the application
	 */
	UnitService(SystemdMachine machine, String name, List<String> settings, String... arguments) throws IOException {
		this(machine.system(), name, settings, arguments);
	}

	/**
	 * Install a unit.
	 * @param manager what manages it
	 * @param name its name
	 * @param settings lines of its section Service, after those that were printed
	 * @param arguments arguments of the application
	 */
	UnitService(ServiceManager manager, String name, List<String> settings, String... arguments) throws IOException {
		this(manager, SampleApplication.get(), name, settings, arguments);
	}

	/**
	 * Install a unit.
	 * @param manager what manages it
	 * @param application what it runs
	 * @param name its name
	 * @param settings lines of its section Service, after those that were printed
	 * @param arguments arguments of the application
	 */
	UnitService(ServiceManager manager, SampleApplication application, String name, List<String> settings,
			String... arguments) throws IOException {
		this.manager = manager;
		this.machine = manager.machine();
		this.name = name;
		this.machine.copy(application.directory(), "opt/" + name);
		List<String> command = new ArrayList<>(List.of("env", "-C", "/opt/" + name,
				Path.of(System.getProperty("java.home")).toRealPath().resolve("bin/java").toString()));
		command.addAll(SampleService.JVM_ARGUMENTS);
		command
			.addAll(List.of("-jar", "sample-app.jar", "--spring.application.name=" + name, "--server.port=" + this.port,
					"--spring.config.additional-location=optional:file:/opt/" + name + "/etc/"));
		command.addAll(List.of(arguments));
		command.add("--graceful.restart.print=systemd-unit");
		String unit = this.machine.run(command.toArray(String[]::new)).assertSuccess().output();
		manager.define(name + ".service", unit + "\n");
		manager.define(name + ".service.d/test.conf", "[Service]\n" + String.join("\n", settings) + "\n");
	}

	/**
	 * Let systemd listen, and start the service when a client comes.
	 */
	void listen(String... addresses) {
		this.manager.define(this.name + ".socket",
				Stream.of(addresses)
					.map((address) -> "ListenStream=" + address + "\n")
					.collect(Collectors.joining("", "[Socket]\n", "")));
		this.manager.systemctl("start", this.name + ".socket").assertSuccess();
	}

	int port() {
		return this.port;
	}

	/**
	 * Start it, which lasts until it says that it is ready.
	 */
	UnitService start() throws RequestFailedException {
		Result result = systemctl("start");
		assertThat(result.code()).as(() -> result.output() + "\n" + journal()).isZero();
		assertThat(show("ActiveState")).isEqualTo("active");
		assertThat(answeringPid()).isEqualTo(mainPid());
		return this;
	}

	/**
	 * Start it, where systemd does not hear that it is ready.
	 */
	UnitService startUnnoticed() {
		assertThat(systemctl("start").code()).isZero();
		await("the reload command, which is written last").atMost(PATIENCE)
			.until(() -> this.machine.run("test", "-e", this.manager.runtime() + this.name + "/reload").code() == 0);
		return this;
	}

	Result systemctl(String verb) {
		return this.manager.systemctl(verb, this.name);
	}

	/**
	 * Begin what takes a while.
	 */
	CompletableFuture<Result> begin(String verb) {
		return CompletableFuture.supplyAsync(() -> systemctl(verb), (task) -> new Thread(task, verb).start());
	}

	String show(String property) {
		return this.manager.show(this.name, property);
	}

	long mainPid() {
		return Long.parseLong(show("MainPID"));
	}

	long filedPid() {
		return Long.parseLong(this.machine.read(this.manager.runtime() + this.name + "/main.pid"));
	}

	/**
	 * Return which process answers.
	 */
	long answeringPid() throws RequestFailedException {
		String text = RawHttp.fetch(this.port, "/hello").text();
		Matcher matcher = PID.matcher(text);
		assertThat(matcher.find()).as(text).isTrue();
		return Long.parseLong(matcher.group(1));
	}

	int generation() throws RequestFailedException {
		return Integer.parseInt(RawHttp.fetch(this.port, "/hello").text().replaceFirst(".*generation=", "").strip());
	}

	/**
	 * Wait until systemd has started it again, and it says that it is ready.
	 */
	void awaitRestarts(int restarts) {
		await("another start").atMost(PATIENCE)
			.until(() -> show("NRestarts").equals(String.valueOf(restarts)) && show("SubState").equals("running"));
	}

	/**
	 * Wait until another process answers.
	 */
	long awaitOther(long pid) {
		await("a successor").atMost(PATIENCE).ignoreExceptions().until(() -> answeringPid() != pid);
		try {
			return answeringPid();
		}
		catch (RequestFailedException ex) {
			throw new AssertionError("No answer", ex);
		}
	}

	/**
	 * Let generations that start from now on have other settings.
	 */
	void configure(String... lines) {
		this.machine.write("/opt/" + this.name + "/etc/application.properties", String.join("\n", lines) + "\n");
	}

	void kill(long pid) {
		this.machine.run("kill", "-KILL", Long.toString(pid)).assertSuccess();
	}

	/**
	 * Wait until a process has ended, whatever systemd makes of that.
	 */
	void awaitEnd(long pid) {
		await("the end of a process").atMost(PATIENCE)
			.until(() -> this.machine.run("kill", "-0", Long.toString(pid)).code() != 0);
	}

	String journal() {
		return this.manager.journal(this.name);
	}

	/**
	 * The service is one process, of which systemd, the pid file and a client say the
	 * same, and nothing is under way.
	 */
	void assertServes(long pid) throws RequestFailedException {
		assertServes(pid, 0);
	}

	/**
	 * The same, where systemd has had to start it again before.
	 */
	void assertServes(long pid, int restarts) throws RequestFailedException {
		await("an end that systemd knows of").atMost(PATIENCE)
			.untilAsserted(() -> assertThat(show("SubState")).as(this::journal).isEqualTo("running"));
		assertThat(mainPid()).as(this::journal).isEqualTo(pid);
		assertThat(filedPid()).isEqualTo(pid);
		assertThat(answeringPid()).isEqualTo(pid);
		assertThat(show("NRestarts")).isEqualTo(String.valueOf(restarts));
		assertThat(journal()).doesNotContain("which is not our child");
	}

	/**
	 * Nothing is left of it, and nothing had to be killed.
	 */
	void assertStopped() {
		assertEnded();
		assertThat(journal()).doesNotContain("SIGKILL").doesNotContain("timed out");
	}

	/**
	 * Nothing is left of it.
	 */
	void assertEnded() {
		assertThat(show("ActiveState")).as(this::journal).isEqualTo("inactive");
		assertThat(show("Result")).isEqualTo("success");
		assertThat(this.machine
			.run("sh", "-c", "find /sys/fs/cgroup -path '*/" + this.name + ".service/cgroup.procs' -exec cat {} +")
			.output()).isEmpty();
	}

}
