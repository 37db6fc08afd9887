package io.github.gracefulrestart.it.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.github.gracefulrestart.testsupport.Poll;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One fault in one of the two processes, at each point of a restart. The process that
 * survives is the predecessor of the next restart, so each restart shows that the one
 * before has left nothing behind. The results are written to a table, which must be that
 * of {@code docs/faults.md}. An ordinary build tests each fault in either role, at points
 * that are spread over the restart; the profile {@code exhaustive} tests all the others.
 * <p>
 * Where a process is killed or stops, the load pauses for that moment, because what such
 * a process has accepted ends or waits with it. Everywhere else it goes on.
 */
class FaultMatrixIT {

	/** Those that take longest first, so that none of them is left alone in the end. */
	private static final List<FaultAction> ACTIONS = List.of(FaultAction.HANG, FaultAction.CLOSE, FaultAction.KILL,
			FaultAction.EXIT, FaultAction.GARBAGE);

	private static final Path DOCUMENTED = Path.of(System.getProperty("faults.table", "../docs/faults.md"));

	private static final Path OBSERVED = Path.of("target", "faults.md");

	private static final Path LOGS = Path.of("target", "faults");

	/**
	 * Which cells to look at instead, as a regular expression: {@code PONG_SENT-CLOSE}.
	 */
	private static final String ONLY = System.getProperty("faults.only");

	/** Four times what a start took on the slowest machine so far. */
	private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(60);

	/** Longer than a drain, and than the time between two PINGs. */
	private static final Duration PROBATION = Duration.ofMillis(1500);

	/** Time for threads to end that have nothing to wait for. */
	private static final Duration SETTLING = Duration.ofSeconds(20);

	/**
	 * A channel that is closed keeps its descriptor until the selector it was registered
	 * with is asked again, which Tomcat's poller does each second.
	 */
	private static final Duration SETTLED = Duration.ofMillis(1500);

	/** The points at which the ordinary check lets memory or threads run out. */
	private static final Set<FaultPoint> OUT_OF_MEMORY = EnumSet.of(FaultPoint.RESTART_THREAD, FaultPoint.DRAINING,
			FaultPoint.LEAVING, FaultPoint.PROCEED_RECEIVED, FaultPoint.TAKEOVER_EVENTS_THREAD);

	private static final String FAILURE = "failure";

	private static final String NOTHING = "–";

	private static final String BOTH_END = "both end";

	private static FaultTable documented;

	private static FaultTable observed;

	private FailingService service;

	private Map<String, Long> footprint;

	@BeforeAll
	static void read() throws IOException {
		documented = FaultTable.read(DOCUMENTED);
		observed = FaultTable.read(DOCUMENTED);
	}

	@AfterAll
	static void write() throws IOException {
		if (Boolean.getBoolean("faults.write")) {
			observed.write(DOCUMENTED);
		}
	}

	/**
	 * Several at a time, because each waits most of the time.
	 */
	static List<Arguments> chains() {
		return chains(ACTIONS.stream().map(List::of).toList());
	}

	/**
	 * With few points for each fault, those that need the same time share a service.
	 */
	static List<Arguments> shortChains() {
		return chains(List.of(List.of(FaultAction.HANG), List.of(FaultAction.CLOSE),
				List.of(FaultAction.KILL, FaultAction.EXIT, FaultAction.GARBAGE)));
	}

	private static List<Arguments> chains(List<List<FaultAction>> actions) {
		return actions.stream()
			.flatMap((some) -> Stream.of(FaultPoint.Role.values()).map((role) -> Arguments.of(role, some)))
			.toList();
	}

	/**
	 * Each fault in either role, and each third point.
	 */
	@ParameterizedTest
	@MethodSource("shortChains")
	@Execution(ExecutionMode.CONCURRENT)
	void whenFaultIsAtAnyPointThenTheServiceGoesOn(FaultPoint.Role role, List<FaultAction> actions) {
		run(role, actions, (point, action) -> (ONLY != null) ? Pattern.matches(ONLY, cell(point, action))
				: isSample(point, action));
	}

	/**
	 * All the others.
	 */
	@ParameterizedTest
	@MethodSource("chains")
	@Execution(ExecutionMode.CONCURRENT)
	@Tag("exhaustive")
	void whenAnyFaultIsAtAnyPointThenTheServiceGoesOn(FaultPoint.Role role, List<FaultAction> actions) {
		run(role, actions, (point, action) -> !isSample(point, action));
	}

	/**
	 * Not in the table, because it matters that there is an outcome, and not which.
	 */
	@ParameterizedTest
	@EnumSource
	@Execution(ExecutionMode.CONCURRENT)
	void whenMemoryOrThreadsRunOutThenTheServiceGoesOn(FaultPoint.Role role) {
		runOut(role, (point) -> (ONLY != null) ? Pattern.matches(ONLY, cell(point, FaultAction.ERROR))
				: OUT_OF_MEMORY.contains(point));
	}

	@ParameterizedTest
	@EnumSource
	@Execution(ExecutionMode.CONCURRENT)
	@Tag("exhaustive")
	void whenMemoryOrThreadsRunOutAtAnyPointThenTheServiceGoesOn(FaultPoint.Role role) {
		runOut(role, (point) -> !OUT_OF_MEMORY.contains(point));
	}

	private void runOut(FaultPoint.Role role, Predicate<FaultPoint> chosen) {
		List<Throwable> failures = new ArrayList<>();
		for (FaultPoint point : FaultPoint.withThreads(role)) {
			if (chosen.test(point)) {
				try {
					assertThat(run(point, FaultAction.ERROR)).matches("\\*\\*(completed|failed|rolled-back)\\*\\*.*");
				}
				catch (Exception | AssertionError ex) {
					failures.add(failed(point, FaultAction.ERROR, ex));
				}
			}
		}
		stop();
		assertThat(failures).isEmpty();
	}

	private AssertionError failed(FaultPoint point, FaultAction action, Throwable cause) {
		AssertionError failure = new AssertionError(point + " " + action + ": " + cause.getMessage() + "\n" + log(),
				cause);
		failure.printStackTrace();
		keepLog(point, action);
		stop();
		return failure;
	}

	/**
	 * None of those that take as long as a successor may take to start.
	 */
	private static boolean isSample(FaultPoint point, FaultAction action) {
		int index = FaultPoint.of(point.role()).indexOf(point);
		return index % 3 == 0 && (index + 3) % ACTIONS.size() == ACTIONS.indexOf(action);
	}

	private void run(FaultPoint.Role role, List<FaultAction> actions, BiPredicate<FaultPoint, FaultAction> chosen) {
		Map<String, String> expected = new LinkedHashMap<>();
		Map<String, String> outcomes = new LinkedHashMap<>();
		List<Throwable> failures = new ArrayList<>();
		for (FaultAction action : actions) {
			for (FaultPoint point : FaultPoint.of(role)) {
				if (!chosen.test(point, action)) {
					continue;
				}
				String cell = cell(point, action);
				expected.put(cell, documented.get(point, action));
				try {
					outcomes.put(cell, run(point, action));
					observed(point, action, outcomes.get(cell));
				}
				catch (Exception | AssertionError ex) {
					failures.add(failed(point, action, ex));
					observed(point, action, FAILURE);
				}
			}
		}
		stop();
		assertThat(failures).isEmpty();
		if (!Boolean.getBoolean("faults.write")) {
			assertThat(outcomes).as("what happens, and what docs/faults.md says").isEqualTo(expected);
		}
	}

	/**
	 * Write it at once, so that one may watch it grow.
	 */
	private static synchronized void observed(FaultPoint point, FaultAction action, String outcome) {
		observed.set(point, action, outcome);
		try {
			observed.write(OBSERVED);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Keep the output of both processes, to explain a failure.
	 */
	private void keepLog(FaultPoint point, FaultAction action) {
		try {
			Files.createDirectories(LOGS);
			Files.writeString(LOGS.resolve(cell(point, action) + ".log"), log());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String cell(FaultPoint point, FaultAction action) {
		return point + "-" + action;
	}

	private String log() {
		return (this.service != null) ? this.service.outputSinceMark() : "";
	}

	private void start(FaultPoint point, FaultAction action) throws Exception {
		String name = (point.role() + "-" + action).toLowerCase(Locale.ROOT);
		this.service = FailingService.start(FaultyApplication.get()
			.service("faults-" + name)
			.args("--graceful.restart.startup-timeout=" + STARTUP_TIMEOUT.toSeconds() + "s",
					"--graceful.restart.handover-timeout=" + action.stepTimeout().toSeconds() + "s",
					"--graceful.restart.hang-timeout=" + action.stepTimeout().toSeconds() + "s",
					"--graceful.restart.probation=" + PROBATION.toMillis() + "ms",
					"--graceful.restart.keep-alive-grace=100ms"),
				action.terminationTimeout());
		if (action == FaultAction.EXIT && point.compareTo(FaultPoint.REPORT_BEFORE) < 0) {
			// It takes the successor along, so that there will be nothing to compare
			return;
		}
		this.service.restart();
		long pid = this.service.service().pid();
		// All connections of the test are closed then
		this.footprint = Poll.settled(() -> OpenDescriptors.of(pid), SETTLED, SETTLING);
	}

	private void stop() {
		if (this.service != null) {
			this.service.close();
			this.service = null;
		}
	}

	private String run(FaultPoint point, FaultAction action) throws Exception {
		if (!point.isPossible(action)) {
			return NOTHING;
		}
		if (this.service == null) {
			start(point, action);
		}
		boolean predecessorFails = point.role() == FaultPoint.Role.PREDECESSOR;
		long predecessor = this.service.service().pid();
		long generation = this.service.number("$.generation");
		this.service.startLoadOfNewConnections();
		this.service.awaitRequests(5);
		List<RawHttp> idle = List.of(idleConnection(), idleConnection());
		Fault fault = this.service.arm(predecessorFails ? generation : generation + 1, point.injectorName(), action);
		this.service.mark();
		this.service.process().signal(predecessor, "USR2");
		fault.awaitReached();
		long successor = point.isAfterLaunch() ? successorOf(predecessor) : 0;
		if (action.takesRequestsAlong() || (action == FaultAction.EXIT && predecessorFails)) {
			this.service.assertNothingLost();
		}
		fault.release();
		String outcome = follow(point, action, predecessor, successor);
		keepLog(point, action);
		for (RawHttp connection : idle) {
			connection.close();
		}
		if (outcome.equals(BOTH_END)) {
			this.service.assertNoFilesLeft();
			stop();
			return outcome;
		}
		this.service.assertNothingLost();
		assertNothingLeft();
		return outcome;
	}

	private String follow(FaultPoint point, FaultAction action, long predecessor, long successor) throws Exception {
		boolean predecessorFails = point.role() == FaultPoint.Role.PREDECESSOR;
		long failing = predecessorFails ? predecessor : successor;
		String beginning = "";
		if (action == FaultAction.KILL) {
			this.service.process().awaitExit(failing, FailingService.PATIENCE);
			this.service.startLoadOfNewConnections();
		}
		else if (action == FaultAction.HANG) {
			await("a stopped process").atMost(FailingService.PATIENCE).until(() -> ProcFs.isStopped(failing));
			this.service.startLoadOfNewConnections();
			if (point == FaultPoint.REPORT_RECEIVED || point == FaultPoint.LEFT_RECEIVED) {
				// The predecessor is leaving, whatever happens
				this.service.process().awaitExit(predecessor, FailingService.PATIENCE);
				beginning = "connections *wait*, then ";
				this.service.process().signal(successor, "CONT");
			}
			else if (predecessorFails) {
				beginning = hangOn(point) ? "successor *serves meanwhile*, then " : "connections *wait*, then ";
				this.service.process().signal(predecessor, "CONT");
			}
		}
		await("one process that serves, or none").atMost(FailingService.PATIENCE).until(this::isSettled);
		if (this.service.process().running().isEmpty()) {
			return BOTH_END;
		}
		if (action == FaultAction.EXIT && predecessorFails) {
			this.service.startLoadOfNewConnections();
		}
		return beginning + outcome(predecessor);
	}

	/**
	 * Let the predecessor be stopped for longer than it may take for any step.
	 * @return whether the successor serves meanwhile
	 */
	private boolean hangOn(FaultPoint point) {
		long start = System.nanoTime();
		if (point.isAfterWelcome()) {
			this.service.awaitRequests(5);
		}
		await().atMost(FailingService.PATIENCE)
			.until(() -> System.nanoTime() - start > FaultAction.HANG.stepTimeout().plusMillis(500).toNanos());
		return point.isAfterWelcome();
	}

	private boolean isSettled() {
		List<ProcessHandle> running = this.service.process().running();
		try {
			return running.isEmpty() || (running.size() == 1 && this.service.status("$.state").equals("serving"));
		}
		catch (RequestFailedException ex) {
			// It is about to end
			return false;
		}
	}

	private String outcome(long predecessor) throws RequestFailedException {
		long survivor = this.service.service().pid();
		Map<String, Object> report = JsonPath.read(this.service.service().get("/actuator/reload").text(),
				"$.lastRestart");
		String outcome = String.valueOf(report.get("outcome"));
		assertThat(survivor).as(outcome).matches((pid) -> (pid == predecessor) != outcome.equals("completed"));
		Object reason = report.get("reason");
		return "**" + outcome + "**"
				+ ((reason != null) ? ": " + reason.toString().replaceAll(" ?\\(pid \\d+\\)", "") : "");
	}

	private long successorOf(long predecessor) {
		List<Long> others = this.service.process()
			.running()
			.stream()
			.map(ProcessHandle::pid)
			.filter((pid) -> pid != predecessor)
			.toList();
		assertThat(others).hasSize(1);
		return others.get(0);
	}

	private RawHttp idleConnection() throws RequestFailedException {
		RawHttp connection = this.service.service().connect();
		connection.write("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(connection.read().status()).isEqualTo(200);
		return connection;
	}

	private void assertNothingLeft() throws Exception {
		long survivor = this.service.service().pid();
		assertThat(ProcFs.zombiesOf(survivor)).isEmpty();
		this.service.assertNoFilesLeft();
		await("no descriptor left").atMost(SETTLING)
			.untilAsserted(() -> assertThat(OpenDescriptors.of(survivor)).allSatisfy(
					(target, count) -> assertThat(count).isLessThanOrEqualTo(this.footprint.getOrDefault(target, 0L))));
	}

}
