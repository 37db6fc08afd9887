package io.github.gracefulrestart.it.failure;

import java.util.ArrayList;
import java.util.List;

import io.github.gracefulrestart.it.Lengthy;
import io.github.gracefulrestart.testsupport.HttpAnswer;
import io.github.gracefulrestart.testsupport.LogLines;
import io.github.gracefulrestart.testsupport.ProcFs;
import io.github.gracefulrestart.testsupport.RawHttp;
import io.github.gracefulrestart.testsupport.RequestFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The successor serves, and is then rolled back, for every possible reason. One service
 * goes through all of them, which also shows that it can try again each time. An ordinary
 * build tests each reason once, except for those that look like another one to the
 * predecessor; the profile {@code exhaustive} tests all the others in either phase.
 */
@Lengthy
@ExtendWith(RollBackIT.ShowLog.class)
class RollBackIT {

	private static FailingService service;

	private long predecessor;

	@BeforeAll
	static void start() {
		service = FailingService.start("roll-back", List.of("-XX:+ExitOnOutOfMemoryError"),
				"--graceful.restart.probation=5m", "--graceful.restart.hang-timeout=4s",
				"--graceful.restart.health-check.group=traffic", "--graceful.restart.health-check.interval=200ms",
				"--graceful.restart.health-check.timeout=3s",
				"--management.endpoint.health.group.traffic.include=switched",
				"--server.tomcat.keep-alive-timeout=10m");
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@BeforeEach
	void load() {
		service.startLoadOfNewConnections();
		this.predecessor = service.service().pid();
	}

	@ParameterizedTest
	@EnumSource(names = { "KILLED", "EXIT", "REFUSE_TRAFFIC", "DOWN" })
	void whileThePredecessorDrains(Cause cause) throws Exception {
		rollBackWhileThePredecessorDrains(cause);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "KILLED", "EXIT", "REFUSE_TRAFFIC", "DOWN" })
	@Tag("exhaustive")
	void whileThePredecessorDrainsForAllOtherReasons(Cause cause) throws Exception {
		rollBackWhileThePredecessorDrains(cause);
	}

	private void rollBackWhileThePredecessorDrains(Cause cause) throws Exception {
		try (RawHttp upload = service.service().connect()) {
			upload.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
					+ "Content-Type: application/octet-stream\r\n\r\n01234");
			long successor = service.trigger();
			service.awaitOutput(LogLines.TAKEN_OVER);
			assertRolledBack(cause, successor);
			upload.write("56789");
			HttpAnswer answer = upload.read();
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.pid()).isEqualTo(this.predecessor);
			assertThat(answer.text()).startsWith("bytes=10 ");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SUSPENDED", "OUT_OF_MEMORY", "BREAK", "HANG_HEALTH", "ROLL_BACK" })
	void onProbation(Cause cause) throws Exception {
		rollBackOnProbation(cause);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE,
			names = { "SUSPENDED", "OUT_OF_MEMORY", "BREAK", "HANG_HEALTH", "ROLL_BACK" })
	@Tag("exhaustive")
	void onProbationForAllOtherReasons(Cause cause) throws Exception {
		rollBackOnProbation(cause);
	}

	private void rollBackOnProbation(Cause cause) throws Exception {
		long successor = service.trigger();
		service.awaitOutput("is on probation for another");
		assertRolledBack(cause, successor);
		assertThat(service.status("$.lastRestart.phases[*].name")).contains("probation");
	}

	/**
	 * Connections that a killed process has accepted are lost. Clients that connect after
	 * that are served, and a process that exits normally loses nothing.
	 */
	private void assertRolledBack(Cause cause, long successor) throws Exception {
		if (cause.abrupt) {
			service.assertNothingLost();
		}
		cause.happensTo(successor);
		if (cause.abrupt) {
			service.startLoadOfNewConnections();
		}
		assertThat(service.awaitFailure(this.predecessor, successor, "rolled back"))
			.isEqualTo("successor (pid " + successor + ") " + cause.reason);
		service.assertNothingLost();
	}

	@Test
	void connectionsThatHadMovedAreCounted() throws Exception {
		List<RawHttp> idle = new ArrayList<>();
		try {
			for (int i = 0; i < 5; i++) {
				idle.add(service.service().connect());
				assertThat(idle.get(i).get("/hello").pid()).isEqualTo(this.predecessor);
			}
			service.assertNothingLost();
			long before = lost();
			long successor = service.trigger();
			service.awaitOutput("is on probation for another");
			Cause.KILLED.happensTo(successor);
			service.awaitFailure(this.predecessor, successor, "rolled back");
			assertThat(service.outputSinceMark())
				.contains("Up to 5 connections that had moved to the successor were lost with it");
			assertThat(service.number("$.lastRestart.connections.moved")).isEqualTo(5);
			assertThat(lost() - before).isEqualTo(5);
		}
		finally {
			idle.forEach(RawHttp::close);
		}
	}

	private static long lost() throws RequestFailedException {
		HttpAnswer answer = service.service().get("/actuator/metrics/graceful.restart.connections?tag=fate:lost");
		return (answer.status() == 404) ? 0
				: Math.round(com.jayway.jsonpath.JsonPath.<Double>read(answer.text(), "$.measurements[0].value"));
	}

	@Test
	void whenAskedToRestartThenSaysForHowLongItIsOnProbation() throws Exception {
		long successor = service.trigger();
		service.awaitOutput("is on probation for another");
		HttpAnswer answer = service.service().post("/actuator/reload");
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.text()).containsPattern("this process is on probation: its predecessor " + "\\(pid "
				+ this.predecessor + "\\) can roll back for another \\d+ s. Try again after that");
		service.process().signal(successor, "HUP");
		service.awaitOutput(LogLines.refused("signal HUP") + "this process is on probation");
		Cause.TAKE_BACK_BY_ENDPOINT.happensTo(successor);
		service.awaitFailure(this.predecessor, successor, "rolled back");
		service.assertNothingLost();
	}

	/**
	 * Why the successor must not serve any longer, and what is said of it.
	 */
	enum Cause {

		KILLED(true, "exited with code 137 after it had begun to serve") {

			@Override
			void happensTo(long successor) {
				service.process().signal(successor, "KILL");
			}

		},

		SUSPENDED(true, "has not responded for 4000 ms, but is still running") {

			@Override
			void happensTo(long successor) {
				service.process().signal(successor, "STOP");
				await("a stopped process").atMost(FailingService.PATIENCE).until(() -> ProcFs.isStopped(successor));
			}

		},

		HALT(true, "exited with code 7 after it had begun to serve"),

		OUT_OF_MEMORY(true, "exited with code 3 after it had begun to serve"),

		EXIT(false, "exited with code 5 after it had begun to serve"),

		SPRING_EXIT_WITH_FAILURE(false, "exited with code 6 after it had begun to serve"),

		REFUSE_TRAFFIC(false, "requested a rollback: its readiness state is REFUSING_TRAFFIC"),

		BREAK(false, "requested a rollback: its liveness state is BROKEN"),

		DOWN(false, "requested a rollback: health group 'traffic' is DOWN"),

		HANG_HEALTH(false, "requested a rollback: its checks took longer than 3000 ms"),

		ROLL_BACK(false, "requested a rollback: prices are wrong"),

		TAKE_BACK_BY_ENDPOINT(false, "requested a rollback: DELETE /actuator/reload") {

			@Override
			void happensTo(long successor) throws RequestFailedException {
				HttpAnswer answer = service.service().request("DELETE", service.service().port(), "/actuator/reload");
				assertThat(answer.status()).as(answer.text()).isEqualTo(202);
				assertThat(answer.pid()).isEqualTo(successor);
			}

		};

		private final boolean abrupt;

		private final String reason;

		Cause(boolean abrupt, String reason) {
			this.abrupt = abrupt;
			this.reason = reason;
		}

		void happensTo(long successor) throws RequestFailedException {
			try {
				HttpAnswer answer = service.service()
					.post("/fail?how=" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
				assertThat(answer.pid()).isEqualTo(successor);
			}
			catch (RequestFailedException ex) {
				if (!this.abrupt) {
					throw ex;
				}
			}
			if (this.abrupt) {
				service.process().awaitExit(successor, FailingService.PATIENCE);
			}
		}

	}

	/**
	 * Shows the service's log.
	 */
	static class ShowLog implements TestExecutionExceptionHandler {

		@Override
		public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
			service.handleTestExecutionException(context, failure);
		}

	}

}
