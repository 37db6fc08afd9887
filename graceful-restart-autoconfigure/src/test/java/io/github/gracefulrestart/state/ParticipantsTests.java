package io.github.gracefulrestart.state;

import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.gracefulrestart.PredecessorGoneEvent;
import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.SuccessorLaunch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ParticipantsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(150);

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final CountDownLatch never = new CountDownLatch(1);

	private final RestartState state = new RestartState(RestartPhase.INHERITING, 2, 1L, (event) -> {
	});

	private final Participants participants = this.state.participants();

	@Test
	void theLifeOfASuccessorIsToldInOrder() {
		join(PATIENCE, new Recorder("a"), new Recorder("b"));
		assertThat(this.participants.warmUp(PATIENCE)).isNull();
		this.state.move(RestartPhase.SUCCEEDING);
		this.state.move(RestartPhase.SERVING);
		this.state.publish(new PredecessorGoneEvent(this));
		this.participants.beforeLaunch(3, false);
		this.participants.launched(42);
		Stream
			.of(RestartPhase.PREFLIGHT, RestartPhase.LAUNCHING, RestartPhase.AWAITING_READY, RestartPhase.HANDING_OVER,
					RestartPhase.DRAINING)
			.forEach(this.state::move);
		this.participants.leaving(42);
		this.participants.resume();
		assertThat(this.calls).containsExactly("a.warmUp", "b.warmUp", "a.takenOver", "b.takenOver", "a.alone",
				"b.alone", "a.beforeLaunch 3", "b.beforeLaunch 3", "a.launched 42", "b.launched 42", "a.resign",
				"b.resign", "a.leaving 42", "b.leaving 42");
	}

	@Test
	void whenARestartHasEndedThenItsEndIsToldOnce() {
		join(PATIENCE, new Recorder("a"));
		this.participants.resume();
		this.participants.beforeLaunch(3, true);
		this.participants.resume();
		this.participants.resume();
		this.participants.stopping();
		this.participants.beforeLaunch(3, false);
		this.participants.stopping();
		this.participants.resume();
		assertThat(this.calls).containsExactly("a.beforeLaunch 3 dry", "a.resume", "a.beforeLaunch 3", "a.stopping");
	}

	@Test
	void whenAParticipantIsAgainstTheLaunchThenThoseBehindItAreNotAskedAndAllResume() {
		join(PATIENCE, new Recorder("a"), new Recorder("b") {

			@Override
			public void beforeLaunch(SuccessorLaunch launch) {
				throw new IllegalStateException("the fleet is locked by host-7");
			}

		}, new Recorder("c"));
		assertThatExceptionOfType(RestartRefusedException.class)
			.isThrownBy(() -> this.participants.beforeLaunch(3, false))
			.withMessage("participant 'b' failed in beforeLaunch: the fleet is locked by host-7")
			.satisfies((refused) -> assertThat(refused.kind()).isEqualTo(RestartRefusedException.Kind.IMPOSSIBLE));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.calls).containsExactly("a.beforeLaunch 3", "a.resume", "b.resume",
					"c.resume"));
	}

	@Test
	void whenAParticipantExceedsTheLimitThenItIsInterruptedAndTheOthersAreCalled(CapturedOutput output) {
		AtomicBoolean interrupted = new AtomicBoolean();
		join(SHORT, new Recorder("a") {

			@Override
			public void takenOver() throws InterruptedException {
				try {
					ParticipantsTests.this.never.await();
				}
				catch (InterruptedException ex) {
					interrupted.set(true);
					throw ex;
				}
			}

		}, new Recorder("b"));
		this.state.move(RestartPhase.SUCCEEDING);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.calls).containsExactly("b.takenOver"));
		await().atMost(PATIENCE).untilTrue(interrupted);
		assertThat(output)
			.contains("Participant 'a' has not completed takenOver within 150 ms. The service goes on without it")
			.contains(ParticipantsTests.class.getName() + "$2.takenOver(")
			.contains("Participant 'b' has completed takenOver in ");
	}

	@Test
	void whenAParticipantDoesNotAnswerBeforeALaunchThenItIsRefused() {
		join(SHORT, new Recorder("a") {

			@Override
			public void beforeLaunch(SuccessorLaunch launch) throws InterruptedException {
				ParticipantsTests.this.never.await();
			}

		});
		assertThatExceptionOfType(RestartRefusedException.class)
			.isThrownBy(() -> this.participants.beforeLaunch(3, false))
			.withMessage("participant 'a' has not completed beforeLaunch within 150 ms");
	}

	@Test
	void whenAParticipantThrowsAnErrorThenItIsLoggedWithItsNameAndNothingElseHappens(CapturedOutput output) {
		join(PATIENCE, new Recorder("a") {

			@Override
			public void leaving(long successorPid) {
				throw new NoClassDefFoundError("gone");
			}

		}, new Recorder("b"));
		this.participants.leaving(42);
		assertThat(this.calls).containsExactly("b.leaving 42");
		assertThat(output).contains(
				"Participant 'a' failed in leaving: java.lang.NoClassDefFoundError: gone. The service goes on without it")
			.contains("at " + ParticipantsTests.class.getName());
	}

	@Test
	void whenWarmUpFailsThenThereIsAReason() {
		join(PATIENCE, new Recorder("a") {

			@Override
			public void warmUp() throws Exception {
				throw new Exception("the cache is empty");
			}

		}, new Recorder("b"));
		assertThat(this.participants.warmUp(PATIENCE))
			.isEqualTo("participant 'a' failed in warmUp: the cache is empty");
		assertThat(this.calls).isEmpty();
	}

	/**
	 * Moves are made under locks, and by threads that the other JVM waits for.
	 */
	@Test
	void whenAParticipantBlocksThenWhoMakesTheMoveGoesOn() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicReference<Thread> caller = new AtomicReference<>();
		join(PATIENCE, new Recorder("a") {

			@Override
			public void takenOver() throws InterruptedException {
				caller.set(Thread.currentThread());
				release.await();
				super.takenOver();
			}

		});
		synchronized (this.state) {
			this.state.move(RestartPhase.SUCCEEDING);
			await().atMost(PATIENCE).until(() -> caller.get() != null);
		}
		this.state.publish(new PredecessorGoneEvent(this));
		assertThat(this.calls).isEmpty();
		release.countDown();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.calls).containsExactly("a.takenOver", "a.alone"));
		assertThat(caller.get().isDaemon()).isTrue();
	}

	@Test
	void whenNobodyHasAMethodOfItsOwnThenThereIsNoThread() {
		join(PATIENCE, new RestartParticipant() {
		});
		this.participants.beforeLaunch(3, false);
		this.state.move(RestartPhase.SUCCEEDING);
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("graceful-restart-participant"));
	}

	@Test
	void whatParticipantsSetIsInTheEnvironmentOfTheSuccessor() {
		join(PATIENCE, new RestartParticipant() {

			@Override
			public void beforeLaunch(SuccessorLaunch launch) {
				launch.environment("A", "1");
				launch.environment("B", "2");
			}

		}, new RestartParticipant() {

			@Override
			public void beforeLaunch(SuccessorLaunch launch) {
				launch.environment("B", null);
			}

		});
		this.participants.beforeLaunch(3, false);
		assertThat(this.participants.environment()).containsExactly(Map.entry("A", "1"), new SimpleEntry<>("B", null));
	}

	@Test
	void namesThatNoVariableCanHaveAreRefused() {
		SuccessorLaunch launch = new SuccessorLaunch(2, false);
		Stream.of("", "A=B", "A\0")
			.forEach((name) -> assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> launch.environment(name, "1")));
	}

	private void join(Duration limit, RestartParticipant... all) {
		List<Participant> named = Stream.of(all)
			.map((participant) -> new Participant(
					(participant instanceof Recorder recorder) ? recorder.name : "unnamed", participant))
			.toList();
		this.participants.join(named, limit);
	}

	/**
	 * Notes all that it is told.
	 */
	private class Recorder implements RestartParticipant {

		private final String name;

		Recorder(String name) {
			this.name = name;
		}

		private void note(String call) {
			ParticipantsTests.this.calls.add(this.name + "." + call);
		}

		@Override
		public void beforeLaunch(SuccessorLaunch launch) throws Exception {
			note("beforeLaunch " + launch.generation() + (launch.dryRun() ? " dry" : ""));
		}

		@Override
		public void launched(long successorPid) {
			note("launched " + successorPid);
		}

		@Override
		public void warmUp() throws Exception {
			note("warmUp");
		}

		@Override
		public void takenOver() throws InterruptedException {
			note("takenOver");
		}

		@Override
		public void resign() {
			note("resign");
		}

		@Override
		public void resume() {
			note("resume");
		}

		@Override
		public void stopping() {
			note("stopping");
		}

		@Override
		public void leaving(long successorPid) {
			note("leaving " + successorPid);
		}

		@Override
		public void alone() {
			note("alone");
		}

	}

}
