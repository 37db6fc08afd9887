package io.github.gracefulrestart.predecessor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.generations.FakeHost;
import io.github.gracefulrestart.generations.Generation;
import io.github.gracefulrestart.generations.Limits;
import io.github.gracefulrestart.generations.ScriptedSuccessor;
import io.github.gracefulrestart.generations.TwoGenerations;
import io.github.gracefulrestart.handover.Message.Abort;
import io.github.gracefulrestart.handover.Message.Failed;
import io.github.gracefulrestart.handover.Message.Relieved;
import io.github.gracefulrestart.handover.Message.Serving;
import io.github.gracefulrestart.handover.Message.Stopping;
import io.github.gracefulrestart.handover.Message.TakeBack;
import io.github.gracefulrestart.process.SuccessorProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is said of a restart that did not succeed.
 */
class ReasonsTests {

	@TempDir
	private Path directory;

	@Test
	void whenItExitsThenItsStatusAndTheMomentAreSaid() throws Exception {
		assertThat(reason((successor) -> successor.exit(1))).isEqualTo("exited with code 1 before it was ready");
		assertThat(reason((successor) -> successor.exit(143)))
			.isEqualTo("was told to stop (exit code 143) before it was ready");
		assertThat(reason((successor) -> successor.exit(SuccessorProcess.UNKNOWN_STATUS)))
			.isEqualTo("ended before it was ready; only the process that started it knows its exit code");
		assertThat(reason((successor) -> successor.inherit().exit(2)))
			.isEqualTo("exited with code 2 before it was ready");
		assertThat(reason((successor) -> successor.proceed().exit(3))).isEqualTo("exited with code 3 before it served");
		assertThat(reason((successor) -> successor.serve().exit(4)))
			.isEqualTo("exited with code 4 after it had begun to serve");
	}

	@Test
	void whenItClosesTheConnectionThenItsExitTellsMore() throws Exception {
		Limits limits = new Limits().termination(Limits.PATIENCE);
		assertThat(reason(limits, (successor) -> {
			successor.inherit().hangUp();
			successor.exit(5);
		})).isEqualTo("exited with code 5 before it was ready");
	}

	@Test
	void whenItOnlyClosesTheConnectionThenThatIsSaid() throws Exception {
		Limits limits = new Limits().termination(Limits.SHORT);
		assertThat(reason(limits, (successor) -> successor.inherit().hangUp()))
			.isEqualTo("closed its end of the control socket");
		assertThat(reason(limits, (successor) -> successor.proceed().hangUp()))
			.isEqualTo("closed its end of the control socket");
	}

	@Test
	void whenItSaysWhyItFailsThenThatIsTheReason() throws Exception {
		RestartReport report = report(new Limits(), (successor) -> {
			successor.inherit().say(new Failed("no database", "line 1\nline 2"));
			successor.exit(1);
		});
		assertThat(report.reason()).endsWith("failed to start: no database");
		assertThat(report.detail()).isEqualTo("line 1\nline 2");
		assertThat(report.outcome()).isEqualTo(RestartOutcome.FAILED);
	}

	@Test
	void whenItFindsThePortInUseThenItIsSaidThatAnAddressCannotChange() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			int port = ((InetSocketAddress) generations.predecessor().host().listener().localAddress()).getPort();
			generations.script((successor) -> {
				successor.inherit().say(new Failed("Port " + port + " was already in use", ""));
				successor.exit(1);
			});
			assertThat(generations.restart().report().reason())
				.contains("the address of a port cannot be changed by a restart");
		}
	}

	@Test
	void whenItIsLateThenWhatItHasNotDoneIsSaid() throws Exception {
		Duration limit = Duration.ofMillis(1);
		assertThat(reason(new Limits().startup(limit), (successor) -> {
		})).isEqualTo("did not connect within 1 ms");
		assertThat(reason(new Limits().handover(limit), ScriptedSuccessor::proceed))
			.isEqualTo("did not open its gates within 1 ms");
	}

	@Test
	void whenItSaysWhatItShouldNotThenThatIsSaid() throws Exception {
		assertThat(reason((successor) -> successor.inherit().say(new Relieved(1))))
			.isEqualTo("sent RELIEVED at the wrong time");
		assertThat(reason((successor) -> successor.inherit().say(new TakeBack("no good"))))
			.isEqualTo("requested a rollback: no good");
		assertThat(reason((successor) -> successor.serve().say(new Failed("too late", "")).exit(1)))
			.isEqualTo("failed to start: too late");
	}

	@Test
	void whenItDoesNotStopAfterItWasToldToThenThatIsSaid() throws Exception {
		Limits limits = new Limits().probation(Limits.LONG).drain(Limits.SHORT).termination(Limits.SHORT);
		assertThat(reason(limits, (successor) -> successor.serve().say(new Stopping(true))))
			.isEqualTo("was asked to shut down while it was serving, but did not exit within "
					+ Limits.SHORT.toMillis() * 2 + " ms");
		assertThat(reason(limits, (successor) -> successor.serve().say(new Stopping(false))))
			.isEqualTo("closed its application context while it was serving, but did not exit within "
					+ Limits.SHORT.toMillis() * 2 + " ms");
	}

	@Test
	void whenAListenerIsClosedDuringTheRestartThenItIsNamed() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits())) {
			FakeHost host = generations.predecessor().host();
			generations.script((successor) -> {
				successor.proceed();
				host.closeListener(false);
				successor.say(new Serving(List.of(Generation.KEY), 1));
				successor.expect(Abort.class);
			});
			RestartReport report = generations.restart().report();
			assertThat(report.reason()).isEqualTo("listener " + host + " was closed during the restart");
			assertThat(report.outcome()).isEqualTo(RestartOutcome.FAILED);
			assertThat(generations.predecessor().phase()).isEqualTo(RestartPhase.SERVING);
		}
	}

	@Test
	void whenItFailsWhileItShutsDownThenThePredecessorDoesNotFollow() throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, new Limits().probation(Limits.LONG))) {
			generations.script((successor) -> {
				successor.serve().say(new Stopping(true));
				await().atMost(Limits.PATIENCE).until(generations.predecessor()::accepts);
				successor.exit(1);
			});
			RestartReport report = generations.restart().report();
			assertThat(report.reason()).endsWith("exited with code 1 after it had begun to serve");
			assertThat(report.outcome()).isEqualTo(RestartOutcome.ROLLED_BACK);
		}
	}

	private String reason(ScriptedSuccessor.Script script) throws Exception {
		return reason(new Limits().probation(Limits.LONG), script);
	}

	/**
	 * Return the reason without the name of the successor, which is in front of it.
	 */
	private String reason(Limits limits, ScriptedSuccessor.Script script) throws Exception {
		String named = "successor (pid " + ProcessHandle.current().pid() + ") ";
		String reason = report(limits, script).reason();
		assertThat(reason).startsWith(named);
		return reason.substring(named.length());
	}

	private RestartReport report(Limits limits, ScriptedSuccessor.Script script) throws Exception {
		try (TwoGenerations generations = new TwoGenerations(this.directory, limits).script(script).restart()) {
			return generations.report();
		}
	}

}
