package io.github.gracefulrestart.successor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.gracefulrestart.ConnectionCount;
import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartPhase;
import io.github.gracefulrestart.RestartPhaseEvent;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.SuccessorCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a successor on probation makes of what its checks find.
 */
class SelfCheckTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Duration INTERVAL = Duration.ofMillis(1);

	private static final int FAILURES = 3;

	private final Probation probation = new Probation();

	private final AtomicInteger looks = new AtomicInteger();

	@AfterEach
	void end() {
		this.probation.phase = RestartPhase.SERVING;
		awaitEnd();
	}

	@Test
	void whenNothingIsFoundThenGoesOnUntilProbationIsOver() {
		SelfCheck check = check(PATIENCE, (look) -> null);
		begin(check);
		awaitLooks(10);
		this.probation.phase = RestartPhase.SERVING;
		check.onApplicationEvent(new RestartPhaseEvent(this, RestartPhase.SUCCEEDING, RestartPhase.SERVING));
		awaitEnd();
		assertThat(this.probation.requests).isEmpty();
	}

	@Test
	void whenAProblemIsFoundSeveralTimesInARowThenAsksToRollBack() {
		begin(check(PATIENCE, (look) -> (look > 5) ? "no database" : null));
		assertThat(this.probation.awaitRequest()).isEqualTo("no database");
		awaitEnd();
		assertThat(this.looks.get()).isEqualTo(5 + FAILURES);
		assertThat(this.probation.requests).hasSize(1);
	}

	@Test
	void whenAProblemGoesAwayInTimeThenItDoesNotCount() {
		begin(check(PATIENCE, (look) -> (look % FAILURES != 0) ? "no database" : null));
		awaitLooks(10 * FAILURES);
		assertThat(this.probation.requests).isEmpty();
	}

	@Test
	void whenACheckFailsThenThatIsAProblem() {
		begin(check(PATIENCE, (look) -> {
			throw new IllegalStateException("no pool");
		}));
		assertThat(this.probation.awaitRequest())
			.isEqualTo("a check failed with java.lang.IllegalStateException: no pool");
	}

	@Test
	void whenACheckHangsThenItIsInterruptedAndThatIsAProblem() {
		AtomicInteger interrupted = new AtomicInteger();
		begin(check(Duration.ofMillis(20), (look) -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.incrementAndGet();
			}
			return null;
		}));
		assertThat(this.probation.awaitRequest()).isEqualTo("its checks took longer than 20 ms");
		await().atMost(PATIENCE).until(() -> interrupted.get() == FAILURES);
	}

	@Test
	void whenOneOfManyFindsAProblemThenThoseAfterItAreNotAsked() {
		AtomicInteger asked = new AtomicInteger();
		SuccessorCheck last = () -> {
			asked.incrementAndGet();
			return null;
		};
		begin(new SelfCheck(this.probation, List.of(() -> null, () -> "the second", last),
				new SelfCheck.Settings(INTERVAL, PATIENCE, 1)));
		assertThat(this.probation.awaitRequest()).isEqualTo("the second");
		assertThat(asked.get()).isZero();
	}

	@Test
	void whenThePredecessorCannotBeAskedThenServesOn() {
		this.probation.refusal = RestartRefusedException.unavailable("there is no predecessor to roll back to");
		begin(check(PATIENCE, (look) -> "no database"));
		assertThat(this.probation.awaitRequest()).isEqualTo("no database");
		awaitEnd();
	}

	@Test
	void whenNotOnProbationThenNothingIsLookedAt() {
		SelfCheck check = check(PATIENCE, (look) -> "no database");
		check.onApplicationEvent(new RestartPhaseEvent(this, RestartPhase.STARTING, RestartPhase.SERVING));
		assertThat(watching()).isEmpty();
		this.probation.phase = RestartPhase.SERVING;
		begin(check);
		awaitEnd();
		assertThat(this.looks.get()).isZero();
	}

	private SelfCheck check(Duration timeout, Look look) {
		return new SelfCheck(this.probation, List.of(() -> look.find(this.looks.incrementAndGet())),
				new SelfCheck.Settings(INTERVAL, timeout, FAILURES));
	}

	private void begin(SelfCheck check) {
		check.onApplicationEvent(new RestartPhaseEvent(this, RestartPhase.INHERITING, RestartPhase.SUCCEEDING));
	}

	private void awaitLooks(int count) {
		await().atMost(PATIENCE).until(() -> this.looks.get() >= count);
	}

	private static void awaitEnd() {
		await().atMost(PATIENCE).until(() -> watching().isEmpty());
	}

	private static List<Thread> watching() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("graceful-restart-watch"))
			.toList();
	}

	/**
	 * What a check finds at which look.
	 */
	@FunctionalInterface
	private interface Look {

		String find(int look) throws Exception;

	}

	/**
	 * A successor on probation, whose predecessor is asked to roll back.
	 */
	private static final class Probation implements Restarter {

		private final List<String> requests = new CopyOnWriteArrayList<>();

		private volatile RestartPhase phase = RestartPhase.SUCCEEDING;

		private volatile RestartRefusedException refusal;

		@Override
		public void rollBack(String reason) {
			this.requests.add(reason);
			if (this.refusal != null) {
				throw this.refusal;
			}
		}

		String awaitRequest() {
			await().atMost(PATIENCE).until(() -> !this.requests.isEmpty());
			return this.requests.get(0);
		}

		@Override
		public RestartStatus status() {
			return new RestartStatus(this.phase, 2, RestartStatus.Processes.alone(), List.of(), ConnectionCount.NONE,
					null);
		}

		@Override
		public RestartAttempt restart(String trigger) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<DryRunReport> dryRun(String trigger, boolean boot) {
			throw new UnsupportedOperationException();
		}

	}

}
